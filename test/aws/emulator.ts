import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../support/lake-process.ts';
import { createFunctionRunner, type DeployedFunction, type FunctionRunner } from './function-runner.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';

/** The header with which moto finds the region and the service of a request. It checks no signature. */
export function authorizationFor(service: string): string {
  const credential = `emulated/20260101/${REGION}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
}

/** The environment of every client of the emulator, functions included. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'emulated',
  AWS_SECRET_ACCESS_KEY: 'emulated',
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
} as const;

/** moto, with functions that run. */
export interface Emulator {
  /** Port of the proxy that everybody talks to. */
  readonly port: number;
  readonly url: string;
  readonly functions: FunctionRunner;
  /** Functions by name; invocations of others are refused. */
  readonly deployed: Map<string, DeployedFunction>;
  /** Targets of all calls so far to services that are called by one, such as `AmazonSSM.GetParameters`. */
  readonly targets: string[];
  /** Keeps requests waiting: those for which it gives a promise, until that is kept. */
  hold: (request: { readonly method: string; readonly path: string }) => Promise<void> | undefined;
  /** The output of moto itself. */
  log(): string;
  /** Calls a service that speaks JSON by its target, such as `AWSStepFunctions.StartExecution`. */
  call<T>(service: string, target: string, body: unknown): Promise<T>;
  close(): Promise<void>;
}

const SERVE = fileURLToPath(new URL('serve_moto.py', import.meta.url));
const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

/**
 * Starts moto behind a proxy which answers the invocations of functions itself, by running their bundles; moto without
 * Docker would only echo them. moto calls itself through the proxy too.
 */
export async function startEmulator(): Promise<Emulator> {
  let motoPort = 0;
  const deployed = new Map<string, DeployedFunction>();
  const targets: string[] = [];
  let functions: FunctionRunner;
  let emulator: Emulator | undefined;

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = message.headers['x-amz-target'];
    if (typeof target === 'string') targets.push(target);
    await emulator?.hold({ method: message.method!, path: decodeURIComponent(message.url!) });
    const name = message.method === 'POST' ? INVOCATION.exec(message.url ?? '')?.[1] : undefined;
    if (name === undefined) return pass(message, response, motoPort);
    const called = deployed.get(
      decodeURIComponent(name)
        .split(':')
        .at(name.includes('%3Afunction%3A') ? 6 : -1)!,
    );
    if (!called) throw new Error(`function must be deployed, got '${name}'`);
    const { payload, failed } = await functions.invoke(called, JSON.parse((await bodyOf(message)) || '{}'));
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(failed && { 'x-amz-function-error': 'Unhandled' }),
    });
    response.end(payload);
  }

  const proxy = createServer((message, response) => {
    handle(message, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(error.message);
    });
  });
  proxy.requestTimeout = 0;
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  functions = createFunctionRunner({ ...CREDENTIALS, AWS_ENDPOINT_URL: url, NODE_OPTIONS: '' });

  const moto = spawn(join(ROOT, '.cache/venv-moto/bin/python'), [SERVE, '-H', '127.0.0.1', '-p', '0'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...CREDENTIALS, MOTO_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  moto.stdout.on('data', (part: Buffer) => printed.push(part));
  moto.stderr.on('data', (part: Buffer) => printed.push(part));
  const log = () => Buffer.concat(printed).toString('utf8');
  // The system chooses the port, so two emulators at once can never meet on one.
  for (let attempt = 0; motoPort === 0; attempt++) {
    if (moto.exitCode !== null || attempt > 300) throw new Error(`moto did not start: ${log()}`);
    await sleep(100);
    motoPort = Number(/Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(log())?.[1] ?? 0);
  }

  emulator = {
    port,
    url,
    functions,
    deployed,
    targets,
    hold: () => undefined,
    log,
    async call<T>(service: string, target: string, body: unknown): Promise<T> {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': target,
          authorization: authorizationFor(service),
        },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${target} answered ${answer.status}: ${text}`);
      return (text ? JSON.parse(text) : {}) as T;
    },
    async close() {
      functions.close();
      moto.kill('SIGKILL');
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
  return emulator;
}

function pass(message: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const { method, url: path, headers } = message;
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response).on('close', resolve);
    });
    onward.on('error', reject);
    message.pipe(onward);
  });
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
