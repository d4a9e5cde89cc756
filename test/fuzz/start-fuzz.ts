import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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

/** A process with a small heap that reads damaged inputs, one reader after another. */
export interface FuzzProcess {
  /** Reads so many inputs. Where one is never done with, or ends the process, the next reader gets another process. */
  fuzz(job: FuzzJob): Promise<FuzzOutcome>;
  close(): void;
}

export function startFuzz(): FuzzProcess {
  let child: ChildProcess | undefined;

  async function start(): Promise<ChildProcess> {
    const started = fork(fileURLToPath(new URL('./fuzz-process.ts', import.meta.url)), {
      execArgv: ['--import', TSX, `--max-old-space-size=${HEAP_MIB}`],
    });
    await once(started, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    return started;
  }

  async function fuzz(job: FuzzJob): Promise<FuzzOutcome> {
    const reading = child ?? (await start());
    child = reading;
    return new Promise((resolve) => {
      let inputs = 0;
      let deadline: NodeJS.Timeout | undefined;
      const end = (outcome: FuzzOutcome) => {
        clearTimeout(deadline);
        reading.removeAllListeners();
        resolve(outcome);
      };
      const fail = (why: string) => {
        reading.kill('SIGKILL');
        child = undefined;
        const failure = `--seed ${job.seed}: input ${inputs}: ${why}`;
        end({ inputs, endings: {}, slowestMs: 0, peakBytes: 0, failure });
      };
      const wait = (ms: number) => {
        clearTimeout(deadline);
        // Once more where time is up, so that what has come meanwhile is heard: this process may not have had a turn either.
        deadline = setTimeout(() => {
          deadline = setTimeout(() => fail(`no end after ${2 * ms} ms`), ms);
        }, ms);
      };
      reading.on('message', (message: 'began' | FuzzOutcome) => {
        if (message !== 'began') return end(message);
        inputs++;
        wait(INPUT_TIMEOUT_MS);
      });
      reading.on('exit', (code, signal) => fail(`process ended by ${signal ?? `exit code ${code}`}`));
      wait(START_TIMEOUT_MS);
      reading.send(job);
    });
  }

  return { fuzz, close: () => void child?.kill('SIGKILL') };
}
