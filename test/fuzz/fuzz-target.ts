import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the process that reads is told. */
export interface FuzzJob {
  readonly target: string;
  readonly count: number;
  readonly seed: number;
  /** Where in a failing run fast-check is to begin again. */
  readonly path?: string | undefined;
}

/** What it tells at its end. */
export interface FuzzOutcome {
  /** Inputs read. */
  readonly inputs: number;
  /** How many ended with each error, by name; `read` where there was none. */
  readonly endings: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  /** Most memory that the process ever had, code and all. */
  readonly peakBytes: number;
  /** What fast-check says of the failure, and the options that bring it again. */
  readonly failure: string | undefined;
}

/** No input may take longer, on a machine that does other things as well. */
const INPUT_TIMEOUT_MS = 10_000;
/** The first one waits for the process to start. */
const START_TIMEOUT_MS = 60_000;
const HEAP_MIB = 512;

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Reads so many damaged inputs in a process with a small heap, which is ended where an input is never done with. */
export function fuzzTarget(job: FuzzJob): Promise<FuzzOutcome> {
  const child = fork(fileURLToPath(new URL('./fuzz-process.ts', import.meta.url)), {
    execArgv: ['--import', TSX, `--max-old-space-size=${HEAP_MIB}`],
  });
  return new Promise((resolve) => {
    let inputs = 0;
    let deadline = setTimeout(() => fail('it did not start'), START_TIMEOUT_MS);
    const end = (outcome: FuzzOutcome) => {
      clearTimeout(deadline);
      child.kill('SIGKILL');
      resolve(outcome);
    };
    const fail = (why: string) =>
      end({ inputs, endings: {}, slowestMs: 0, peakBytes: 0, failure: `--seed ${job.seed}: input ${inputs}: ${why}` });
    child.on('message', (message: 'ready' | 'began' | FuzzOutcome) => {
      if (message === 'ready') child.send(job);
      else if (message !== 'began') end(message);
      else {
        inputs++;
        clearTimeout(deadline);
        deadline = setTimeout(() => fail(`no end after ${INPUT_TIMEOUT_MS} ms`), INPUT_TIMEOUT_MS);
      }
    });
    child.on('exit', (code, signal) => fail(`process ended by ${signal ?? `exit code ${code}`}`));
  });
}
