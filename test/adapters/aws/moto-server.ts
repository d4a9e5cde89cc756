import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The AWS imitation that the adapters are tested against; the version is part of the test. */
const PACKAGE = 'moto[server,stepfunctions]==5.2.5';
/** The one that scripts/test-aws.sh makes too. */
const VENV = resolve(import.meta.dirname, '../../../.cache/venv-moto');
const SERVER = join(VENV, 'bin', 'moto_server');

export interface MotoServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The settings of every AWS client of a test. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): void;
}

/**
 * Starts moto on a free port. Installs it once into .cache/venv-moto, if Python and a package registry are there.
 * Returns the reason if it is not available.
 */
export async function startMoto(): Promise<MotoServer | string> {
  const problem = installOnce();
  if (problem) return problem;
  const server = spawn(SERVER, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const url = await announcedUrl(server);
    return {
      url,
      clientConfig: {
        endpoint: url,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      },
      stop: () => server.kill(),
    };
  } catch (error) {
    server.kill();
    return `moto does not start: ${(error as Error).message}`;
  }
}

function installOnce(): string | undefined {
  if (existsSync(SERVER)) return undefined;
  const venv = spawnSync('python3', ['-m', 'venv', VENV], { encoding: 'utf8', timeout: 60_000 });
  if (venv.status !== 0) return `no python3 with venv: ${firstLine(venv.error?.message ?? venv.stderr)}`;
  const args = ['install', '--quiet', '--no-compile', '--retries', '0', '--timeout', '10', PACKAGE];
  const pip = spawnSync(join(VENV, 'bin', 'pip'), args, { encoding: 'utf8', timeout: 120_000 });
  if (pip.status !== 0) return `moto cannot be installed: ${firstLine(pip.error?.message ?? pip.stderr)}`;
  return undefined;
}

function announcedUrl(server: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let output = '';
    const timer = setTimeout(() => fail(new Error(`no address after 15 s: ${firstLine(output)}`)), 15_000);
    server.on('error', fail);
    server.on('exit', (code) => fail(new Error(`exit ${code}: ${firstLine(output)}`)));
    server.stderr!.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (!url) return;
      clearTimeout(timer);
      done(url);
    });
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
