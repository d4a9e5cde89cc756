import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface TrinoServer {
  readonly url: string;
  /** Folder of the file metastore. */
  readonly metastore: string;
  readonly stop: () => Promise<void>;
}

/** The name that Athena has for Glue's catalogue, so that views read here as they do there. */
export const CATALOGUE = 'awsdatacatalog';

const START_TIMEOUT_MS = 180_000;

/** Starts the Trino of `home` on 127.0.0.1, with the hive connector over a file metastore in `data`. */
export async function startTrino(home: string, data: string): Promise<TrinoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const metastore = join(data, 'metastore');
  mkdirSync(join(data, 'catalog'), { recursive: true });
  mkdirSync(metastore);
  const config = join(data, 'config.properties');
  writeFileSync(
    config,
    properties({
      coordinator: 'true',
      'node-scheduler.include-coordinator': 'true',
      'http-server.http.port': String(port),
      'discovery.uri': url,
      'node.bind-ip': '127.0.0.1',
      'node.internal-address': '127.0.0.1',
      'query.max-memory-per-node': '400MB',
      'memory.heap-headroom-per-node': '300MB',
    }),
  );
  writeFileSync(
    join(data, 'catalog', `${CATALOGUE}.properties`),
    properties({
      'connector.name': 'hive',
      'hive.metastore': 'file',
      'hive.metastore.catalog.dir': `file://${metastore}`,
      // As Athena does.
      'hive.recursive-directories': 'true',
      'hive.parquet.use-column-names': 'true',
      'hive.security': 'allow-all',
      // As later versions do by default: a scan waits for what the other side of its join leaves of the partitions.
      'hive.dynamic-filtering.wait-timeout': '20s',
      // For the table of a test whose files are written by Trino, and whose partition is registered again.
      'hive.allow-register-partition-procedure': 'true',
      'hive.non-managed-table-writes-enabled': 'true',
    }),
  );
  const system = {
    'user.timezone': 'UTC',
    'jdk.attach.allowAttachSelf': 'true',
    'node.environment': 'test',
    'node.id': 'candlelake',
    'node.data-dir': data,
    'plugin.dir': join(home, 'plugin'),
    'catalog.config-dir': join(data, 'catalog'),
    config,
  };
  const log = join(data, 'server.log');
  const file = openSync(log, 'w');
  const server = spawn(
    'java',
    [
      '-Xmx1536m',
      '-XX:ReservedCodeCacheSize=256m',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      ...Object.entries(system).map(([name, value]) => `-D${name}=${value}`),
      '-cp',
      join(home, 'lib', '*'),
      'io.trino.server.TrinoServer',
    ],
    { cwd: data, stdio: ['ignore', file, file] },
  );
  closeSync(file);
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  try {
    await ready(url, server);
  } catch (error) {
    await stop();
    const end = readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
    throw new Error(`trino did not start: ${(error as Error).message}\n${end}`, { cause: error });
  }
  return { url, metastore, stop };
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`exit code ${server.exitCode}`);
    const answer = await fetch(`${url}/v1/info`).catch(() => undefined);
    if (answer?.ok && ((await answer.json()) as { starting: boolean }).starting === false) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`not ready after ${START_TIMEOUT_MS / 1000} s`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return (address as { port: number }).port;
}

function properties(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
