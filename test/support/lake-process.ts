import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunLakeOptions {
  /** Base URL of a server that replaces the exchange. */
  readonly exchangeUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the command in its further arguments, such as a shell that sets a limit first. */
  readonly within?: readonly string[];
  /** The process is killed after this time, with `signalName`, which is SIGKILL if absent. */
  readonly killAfterMs?: number;
  readonly signalName?: NodeJS.Signals;
}

/** Runs `lake` as a user does, in its own process, from the repository's root. The bundle is built before the tests. */
export function runLake(args: readonly string[], options: RunLakeOptions = {}): Promise<Ended> {
  const standIn = options.exchangeUrl && {
    CANDLELAKE_REST_URL: options.exchangeUrl,
    CANDLELAKE_ARCHIVE_URL: options.exchangeUrl,
  };
  const [command, ...words] = [...(options.within ?? []), ...[process.execPath, 'bin/lake.mjs', ...args]] as [
    string,
    ...string[],
  ];
  const child = spawn(command, words, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...standIn, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  const timer =
    options.killAfterMs === undefined
      ? undefined
      : setTimeout(() => child.kill(options.signalName ?? 'SIGKILL'), options.killAfterMs);
  return new Promise((resolveRun, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolveRun({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}
