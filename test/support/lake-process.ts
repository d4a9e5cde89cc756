import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunLakeOptions {
  /** Base URL of a server that stands in for the exchange. */
  readonly exchangeUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Command that runs the one given to it as further arguments: a shell that sets a limit first, say. */
  readonly within?: readonly string[];
  /** Ends the process with SIGKILL after so long. */
  readonly killAfterMs?: number;
  readonly signalName?: NodeJS.Signals;
}

/** Runs the command line as a user does, in a process of its own, from the repository's root. */
export function runLake(args: readonly string[], options: RunLakeOptions = {}): Promise<Ended> {
  const standIn = options.exchangeUrl && {
    CANDLELAKE_REST_URL: options.exchangeUrl,
    CANDLELAKE_ARCHIVE_URL: options.exchangeUrl,
  };
  const [command, ...words] = [
    ...(options.within ?? []),
    ...[process.execPath, '--import', TSX, 'bin/lake.ts', ...args],
  ] as [string, ...string[]];
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
