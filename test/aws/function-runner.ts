import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A deployed function, as the emulator describes it. */
export interface DeployedFunction {
  readonly name: string;
  /** Folder of its unpacked code. */
  readonly folder: string;
  readonly timeoutSec: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Invocation {
  readonly functionName: string;
  readonly event: unknown;
  readonly payload: string;
  readonly failed: boolean;
}

interface Answer {
  readonly payload: string;
  readonly failed?: boolean;
}

/** Runs functions as Lambda does: a sandbox serves one event at a time, and is kept for the next. */
export interface FunctionRunner {
  readonly invocations: Invocation[];
  /** The output of all functions. */
  log(): string;
  invoke(target: DeployedFunction, event: unknown): Promise<Invocation>;
  /** Kills every sandbox of a function, whatever it is doing, as Lambda does with one that is out of memory. */
  kill(functionName: string): void;
  close(): void;
}

const PROGRAM = fileURLToPath(new URL('run-function.cjs', import.meta.url));

/** @param surroundings environment that Lambda gives every function, besides its own. */
export function createFunctionRunner(surroundings: Readonly<Record<string, string>>): FunctionRunner {
  const idle = new Map<string, ChildProcess[]>();
  const all = new Map<ChildProcess, string>();
  const invocations: Invocation[] = [];
  const printed: Buffer[] = [];

  function start({ name, folder, environment }: DeployedFunction): ChildProcess {
    const child = fork(PROGRAM, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...surroundings, ...environment },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout!.on('data', (part: Buffer) => printed.push(part));
    child.stderr!.on('data', (part: Buffer) => printed.push(part));
    all.set(child, name);
    child.once('exit', () => all.delete(child));
    return child;
  }

  function answerOf(child: ChildProcess, event: unknown, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve) => {
      const end = (answer: Answer) => {
        clearTimeout(timer);
        child.removeAllListeners('message');
        child.off('exit', exited);
        resolve(answer);
      };
      const fail = (errorType: string, errorMessage: string) =>
        end({ payload: JSON.stringify({ errorType, errorMessage }), failed: true });
      const exited = (code: number | null) => fail('Runtime.ExitError', `Runtime exited with ${code}`);
      const timer = setTimeout(() => {
        fail('Sandbox.Timedout', `Task timed out after ${timeoutMs / 1000} seconds`);
        child.kill('SIGKILL');
      }, timeoutMs);
      child.once('exit', exited);
      child.once('message', (answer) => end(answer as Answer));
      child.send({ event, timeoutMs });
    });
  }

  return {
    invocations,
    log: () => Buffer.concat(printed).toString('utf8'),
    async invoke(target, event) {
      const waiting = idle.get(target.name) ?? [];
      idle.set(target.name, waiting);
      let child = waiting.pop();
      while (child && !isAlive(child)) child = waiting.pop();
      child ??= start(target);
      const { payload, failed = false } = await answerOf(child, event, target.timeoutSec * 1000);
      if (isAlive(child)) waiting.push(child);
      const invocation = { functionName: target.name, event, payload, failed };
      invocations.push(invocation);
      return invocation;
    },
    kill(functionName) {
      for (const [child, name] of all) if (name === functionName) child.kill('SIGKILL');
    },
    close() {
      for (const child of all.keys()) child.kill('SIGKILL');
    },
  };
}

function isAlive({ exitCode, signalCode, killed }: ChildProcess): boolean {
  return exitCode === null && signalCode === null && !killed;
}
