import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The request to the process that reads. */
export interface FuzzJob {
  readonly target: string;
  readonly count: number;
  readonly seed: number;
  /** The place in a failing run from which fast-check begins again. */
  readonly path?: string | undefined;
}

/** The report of the process at its end. */
export interface FuzzOutcome {
  /** Inputs read. */
  readonly inputs: number;
  /** The number of inputs that ended with each error, by name; `read` counts those without an error. */
  readonly endings: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  /** Most memory that the process ever had, code and all. */
  readonly peakBytes: number;
  /** fast-check's report of the failure, and the options that repeat it. */
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
  /** Reads so many inputs. If an input never ends, or ends the process, the next reader gets another process. */
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
        // If time is up, it waits once more for what has arrived meanwhile: this process may not have had a turn.
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
