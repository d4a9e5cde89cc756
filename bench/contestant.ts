import { createInterface } from 'node:readline';
import { peakMiB } from './peak.ts';
import { sink } from './repeat.ts';

/** The answer of a contestant to one round. Times are in ms. */
export interface Answer {
  readonly ms: number;
  readonly cpuMs: number;
  /** CPU time of the process since it began. */
  readonly processCpuMs: number;
  readonly peakMiB: number;
  readonly parts?: Readonly<Record<string, number>>;
  readonly note?: string;
}

/** The work of one contestant. */
export interface Task {
  /** Done before each run and not timed. */
  readonly before?: () => Promise<unknown>;
  run(): unknown;
  /** Measurements of the last run by name, in ms. */
  readonly parts?: () => Readonly<Record<string, number>>;
  readonly note?: string;
  /** Removes what the task has made. */
  readonly close?: () => Promise<unknown>;
}

/** Runs a task once for each line of the input, and answers each with one line of JSON. */
export async function serve({ before, run, parts, note, close }: Task): Promise<void> {
  for await (const _ of createInterface({ input: process.stdin })) {
    await before?.();
    globalThis.gc?.();
    const startMs = performance.now();
    const used = process.cpuUsage();
    sink(await run());
    const ms = performance.now() - startMs;
    const cpuMs = total(process.cpuUsage(used));
    const answer: Answer = {
      ms,
      cpuMs,
      processCpuMs: total(process.cpuUsage()),
      peakMiB: peakMiB(),
      ...(parts && { parts: parts() }),
      ...(note && { note }),
    };
    console.log(JSON.stringify(answer));
  }
  await close?.();
}

function total({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
