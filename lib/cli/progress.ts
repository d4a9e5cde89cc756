import cliProgress from 'cli-progress';
import type { Retry } from '../ports.ts';
import { durationText } from './amounts.ts';
import { plainWords, shortUrls } from './lines.ts';

/** Tells a person how far a run is: a bar on a terminal, a plain line a step elsewhere, nothing with `--json`. */
export interface Progress {
  /** `done` of `total` items of a step, `failed` of them without success. */
  report(step: string, done: number, total: number, failed?: number): void;
  /** Something of the current step failed and is tried again. */
  retrying(retry: Retry): void;
  /** A line of its own. */
  say(line: string): void;
  stop(): void;
}

/** What a step is called for people, and what its items are. */
const STEPS: Readonly<Record<string, { readonly label: string; readonly unit: string }>> = {
  Plan: { label: 'plan', unit: '' },
  FetchArchive: { label: 'fetch archive', unit: 'batches' },
  FetchRest: { label: 'fetch rest', unit: 'batches' },
  Refine: { label: 'refine', unit: 'series' },
  PlanHoles: { label: 'plan holes', unit: '' },
  FetchHoles: { label: 'fetch holes', unit: 'batches' },
  RefineHoles: { label: 'refine holes', unit: 'series' },
  FetchStreamArchive: { label: 'stream files', unit: 'batches' },
  FetchStreamRest: { label: 'stream rest', unit: 'batches' },
  RefineStreams: { label: 'refine streams', unit: 'streams' },
  Catalogue: { label: 'catalogue', unit: '' },
  Audit: { label: 'audit', unit: 'checks' },
};

const LABEL_WIDTH = 14;

/** Elsewhere than on a terminal, retries are told in at most one line in so long. */
const RETRY_LINE_EVERY_MS = 5_000;

const BAR_WIDTH = 24;

export function createProgress(
  stream: NodeJS.WriteStream,
  quiet: boolean,
  nowMs: () => number = () => performance.now(),
): Progress {
  if (quiet) return { report() {}, retrying() {}, say() {}, stop() {} };
  return stream.isTTY ? barProgress(stream, nowMs) : lineProgress(stream, nowMs);
}

function lineProgress(stream: NodeJS.WriteStream, nowMs: () => number): Progress {
  const shown = new Map<string, number>();
  let current = '';
  let retryTold = Number.NEGATIVE_INFINITY;
  return {
    report(step, done, total, failed = 0) {
      current = step;
      // At most ten lines a step, however many items it has.
      const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
      if (done === 0 || shown.get(step) === tenth) return;
      shown.set(step, tenth);
      stream.write(`${labelOf(step)} ${itemsText(step, done, total, failed)}\n`);
    },
    retrying(retry) {
      if (nowMs() - retryTold < RETRY_LINE_EVERY_MS) return;
      retryTold = nowMs();
      stream.write(`${labelOf(current)} retrying, ${attemptText(retry)}: ${whatFailed(retry.error)}\n`);
    },
    say(line) {
      stream.write(`${line}\n`);
    },
    stop() {},
  };
}

function barProgress(stream: NodeJS.WriteStream, nowMs: () => number): Progress {
  let current: { readonly step: string; readonly bar: cliProgress.SingleBar; readonly startedMs: number } | undefined;
  const stop = () => {
    current?.bar.stop();
    current = undefined;
  };
  return {
    report(step, done, total, failed = 0) {
      if (total === 0) return;
      if (current?.step !== step) {
        stop();
        const bar = new cliProgress.SingleBar({
          ...{ stream, hideCursor: true, noTTYOutput: false, fps: 8 },
          format: (_, { progress, value, total: of }, { retry, pace, failed: lost }: BarPayload) => {
            const items = itemsText(step, value, of, lost);
            // A bar that stands still says less than why it does.
            if (retry) return `${labelOf(step)} ${items} (retrying: ${causeText(retry.error)}, ${attemptText(retry)})`;
            const full = Math.round(progress * BAR_WIDTH);
            return `${labelOf(step)} ${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${items} ${pace}`;
          },
        });
        bar.start(total, done, { failed, pace: '' } satisfies BarPayload);
        current = { step, bar, startedMs: nowMs() };
      }
      const pace = paceText(done, total, nowMs() - current.startedMs);
      current.bar.update(done, { failed, pace, retry: undefined } satisfies BarPayload);
    },
    retrying(retry) {
      current?.bar.update({ retry });
    },
    say(line) {
      stop();
      stream.write(`${line}\n`);
    },
    stop,
  };
}

/** What a bar shows besides its value. */
interface BarPayload {
  readonly failed: number;
  readonly pace: string;
  readonly retry?: Retry | undefined;
}

function labelOf(step: string): string {
  return (STEPS[step]?.label ?? step).padEnd(LABEL_WIDTH);
}

/** `3/5 batches, 1 failed`; a step without items is `done`, or `failed`. */
function itemsText(step: string, done: number, total: number, failed: number): string {
  const unit = STEPS[step]?.unit ?? '';
  const items = unit === '' && done === total ? 'done' : `${done}/${total} ${unit}`.trimEnd();
  return failed > 0 ? `${items}, ${failed} failed` : items;
}

function attemptText({ attempt, of, pauseMs }: Retry): string {
  return `attempt ${attempt} of ${of}, ${durationText(pauseMs / 1000)}`;
}

/** `HTTP 500`, or why there was no answer, or the error's name. */
function causeText({ name, message }: Error): string {
  return (
    /\bHTTP \d{3}\b/.exec(message)?.[0] ?? / gave no whole answer: ([^(]{1,30})/.exec(message)?.[1]?.trim() ?? name
  );
}

/** What failed and why, in a line. */
function whatFailed({ message }: Error): string {
  return shortUrls(plainWords(message)).slice(0, MAX_CAUSE);
}

const MAX_CAUSE = 160;

/** `3.1/s, 12 s left`; nothing before the first item and after the last. */
function paceText(done: number, total: number, elapsedMs: number): string {
  if (done === 0 || done === total || elapsedMs < 1) return '';
  const perSecond = (done * 1000) / elapsedMs;
  const rate = perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond);
  return `${rate}/s, ${durationText((total - done) / perSecond)} left`;
}
