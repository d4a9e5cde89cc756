import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CaseResult, Measured } from './benchmark.ts';
import { peakMiB } from './peak.ts';

type Answer = { readonly result: Measured } | { readonly error: string };

/** Measures one case in a child process that is started as this one was. @throws Error with what the child threw. */
export function runCase(benchmark: string, name: string): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [benchmark, name], { execArgv: process.execArgv });
    child.on('message', (answer: Answer) => {
      if ('result' in answer) resolve(answer.result);
      else reject(new Error(`case '${name}' of ${benchmark}: ${answer.error}`));
    });
    child.on('exit', (code, signal) =>
      reject(new Error(`case '${name}' of ${benchmark} ended with ${signal ?? code}`)),
    );
  });
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , benchmark, name] = process.argv as [string, string, string, string];
  let answer: Answer;
  try {
    const { BENCHMARKS } = await import('./benchmarks.ts');
    const run = (await BENCHMARKS[benchmark]!()).cases[name]!;
    const result: CaseResult = await run();
    answer = { result: { ...result, peakMiB: peakMiB() } };
  } catch (error) {
    answer = { error: (error as Error).stack ?? String(error) };
  }
  process.send(answer, () => process.exit(0));
}
