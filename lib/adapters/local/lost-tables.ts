import { EngineFailed } from '../../domain/errors.ts';
import { periodRange } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import { STREAM_NAMES } from '../../domain/stream-table.ts';
import { TABLES } from '../../domain/tables.ts';
import type { ObjectStore } from '../../ports.ts';

/** Messages of DuckDB about Parquet that it cannot read. Some of them name the file. */
const DAMAGE = /parquet|magic bytes|decompress|zstd|don't know what type|thrift|TProtocol|corrupt/i;

/** A table that a manifest names. */
interface NamedTable {
  readonly key: string;
  readonly sha256: string;
}

/**
 * Sees that every table that a manifest names is there, of those asked for. Without this a lost table is a table
 * without rows. @throws EngineFailed with the table and the command that makes it again
 */
export async function assertTablesAreThere(lake: ObjectStore, tables: ReadonlySet<string>): Promise<void> {
  const lists = await Promise.all([...tables].map((table) => lake.list(`${table}/`)));
  const there = new Set(lists.flat().map(({ key }) => key));
  for (const { key: manifestKey } of await lake.list('manifests/')) {
    const lost = tableKeysOf(manifestKey).filter((key) => tables.has(key.split('/')[0]!) && !there.has(key));
    if (lost.length === 0) continue;
    // A shard that is being made names nothing, and a stream's shard without rows has no table.
    const named = new Set((await namedIn(lake, manifestKey)).map(({ key }) => key));
    const key = lost.find((one) => named.has(one));
    if (key) throw new EngineFailed(`table ${key} is missing: run \`${runAgain(key, lake.url)}\``);
  }
}

/** The error that names a damaged table and the commands that mend it; the same error if no table is damaged. */
export async function withDamagedTable(error: Error, lake: ObjectStore): Promise<Error> {
  if (!(error instanceof EngineFailed) || !DAMAGE.test(error.message)) return error;
  const key = tableIn(error.message, lake.url) ?? (await findDamaged(lake));
  if (!key) return error;
  const repair = `npx lake audit --repair ${seriesOptions(key)} --lake ${quoted(lake.url)}`;
  const todo = `run \`${repair}\`, then \`${runAgain(key, lake.url)}\``;
  return new EngineFailed(`table ${key} is damaged: ${todo}`, { cause: error });
}

/** The key of the file that a message of DuckDB names. */
function tableIn(message: string, folder: string): string | undefined {
  const from = message.indexOf(`${folder}/`);
  const end = message.indexOf('.parquet', from);
  return from < 0 || end < 0 ? undefined : message.slice(from + folder.length + 1, end + '.parquet'.length);
}

/**
 * The first table whose bytes are not those of its manifest. It reads the lake, so it is for errors that name no file.
 */
async function findDamaged(lake: ObjectStore): Promise<string | undefined> {
  for (const { key: manifestKey } of await lake.list('manifests/')) {
    for (const { key, sha256: expected } of await namedIn(lake, manifestKey)) {
      const bytes = await lake.get(key);
      if (bytes && sha256(bytes) !== expected) return key;
    }
  }
  return undefined;
}

/** Keys of the tables that a shard with this manifest can have. */
function tableKeysOf(manifestKey: string): string[] {
  const [, stream, path] = /^manifests\/(?:streams\/([a-z_]+)\/)?(.+)\/manifest\.json$/.exec(manifestKey) ?? [];
  if (path === undefined) return [];
  const tables: readonly string[] = stream === undefined ? TABLES : [stream];
  return tables.map((table) => `${table}/${path}/${table}.parquet`);
}

async function namedIn(lake: ObjectStore, manifestKey: string): Promise<readonly NamedTable[]> {
  try {
    const text = Buffer.from((await lake.get(manifestKey)) ?? '').toString('utf8');
    const { outputs = {}, output } = JSON.parse(text) as {
      readonly outputs?: Readonly<Record<string, NamedTable>>;
      readonly output?: NamedTable;
    };
    return [...Object.values(outputs), ...(output ? [output] : [])];
  } catch {
    // An audit names damaged manifests.
    return [];
  }
}

/** The run that looks at the shard of a table, and makes it again if its manifest is void or its table is lost. */
function runAgain(key: string, lake: string): string {
  const period = wordOf(key, 'period');
  const range = period === undefined || period === 'all' ? undefined : periodRange(period);
  const day = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
  const stream = STREAM_NAMES.some((name) => key.startsWith(`${name}/`));
  return [
    `npx lake run ${seriesOptions(key)}`,
    range ? `--from ${day(range.fromMs)} --to ${day(range.toMs)}` : [],
    stream ? '--streams' : [],
    `--lake ${quoted(lake)}`,
  ]
    .flat()
    .join(' ');
}

function seriesOptions(key: string): string {
  const options = [
    ['--market', wordOf(key, 'market')],
    ['--symbols', wordOf(key, 'symbol')],
    ['--interval', wordOf(key, 'interval')],
  ];
  return options.flatMap(([option, word]) => (word === undefined ? [] : [`${option} ${word}`])).join(' ');
}

function wordOf(key: string, name: string): string | undefined {
  return new RegExp(`/${name}=([^/]+)/`).exec(key)?.[1];
}

/** A path as a shell reads it. */
function quoted(path: string): string {
  return /^[\w./:=@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
