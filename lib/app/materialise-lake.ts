import { copyFile, link, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { codeHashes } from '../adapters/local/code-hash.ts';
import { scratchFolder } from '../adapters/local/folder-object-store.ts';
import { bytesText } from '../cli/amounts.ts';
import { BadInput, CorruptObject } from '../domain/errors.ts';
import { STREAM_NAMES } from '../domain/stream.ts';
import { isoTime } from '../domain/time-range.ts';
import { lakeAsOf } from '../lake/as-of/lake-as-of.ts';
import { placeOf, readVersionTable } from '../lake/as-of/version-table.ts';
import type { RunReport } from '../lake/catalogue/contract.ts';
import { manifestKey, RUN_REPORTS_PREFIX, RUNS_PREFIX, reportedRun, TABLES, type Table } from '../lake/keys.ts';
import { encodeManifest } from '../lake/manifest/manifest.ts';
import type { ShardAsOf } from '../lake/versions/shard-history.ts';
import type { ObjectStore } from '../ports.ts';
import { VIEWS } from '../query/views.ts';

/** More than this is not fetched from a bucket for one question. */
const MAX_FETCHED_BYTES = 4e9;
const SHARDS_AT_ONCE = 8;

/** A lake of an earlier instant, in a folder of its own. */
export interface MaterialisedLake {
  readonly folder: string;
  remove(): Promise<void>;
}

export interface MaterialiseOptions {
  readonly asOfMs: number;
  /** What time it is, which `asOfMs` is not behind. */
  readonly nowMs: number;
  readonly tables: readonly Table[];
  /** True where the reports of the runs are wanted. */
  readonly runs: boolean;
}

/**
 * Tables (and whether the runs) that SQL can ask for: candles, what else it names, and what is behind views that it names.
 * @throws BadInput where it names a stream: those have no versions, and would be empty
 */
export function namedIn(sql: string): Pick<MaterialiseOptions, 'tables' | 'runs'> {
  const stream = STREAM_NAMES.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(sql));
  if (stream !== undefined) {
    throw new BadInput(
      `as-of must be asked of tables whose versions are kept (${TABLES.join(', ')}), got ${stream}: ask without --as-of, WHERE known_at <= …`,
    );
  }
  const views = VIEWS.filter(({ name }) => sql.toLowerCase().includes(name)).map(({ duckdb }) => duckdb);
  const text = [sql, ...views].join('\n').toLowerCase();
  return { tables: TABLES.filter((table) => table === 'candles' || text.includes(table)), runs: text.includes('run') };
}

/**
 * Lays a lake as it stood at an instant into a folder: in a folder lake as hard links, without a copy, where an object is as
 * it was, and cut out of its successor where the shard has grown since. Links outlive what is replaced meanwhile.
 * @throws BadInput where nothing was there yet, where the instant is in the future, or where too much would have to be fetched from a bucket
 */
export async function materialiseLake(store: ObjectStore, options: MaterialiseOptions): Promise<MaterialisedLake> {
  const isFolder = !store.url.startsWith('s3://');
  const shards = await lakeAsOf(store, options.asOfMs, options.nowMs);
  if (!isFolder) assertFetchable(shards, options);
  const folder = isFolder ? await ownFolder(store.url) : await mkdtemp(join(tmpdir(), 'candlelake-as-of-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const limit = pLimit(SHARDS_AT_ONCE);
  try {
    // What is still being laid where one fails would be put into a folder that is being removed.
    const laid = await Promise.allSettled(
      shards.map((shard) => limit(() => layShard(store, isFolder, folder, shard, options.tables))),
    );
    for (const one of laid) if (one.status === 'rejected') throw one.reason;
    if (options.runs) await layRuns(store, folder, options.asOfMs);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, remove };
}

/** In the lake, where links can be made; elsewhere, where the lake cannot be written. */
async function ownFolder(lake: string): Promise<string> {
  return scratchFolder(lake).catch(() => mkdtemp(join(tmpdir(), 'candlelake-as-of-')));
}

function assertFetchable(shards: readonly ShardAsOf[], { tables, asOfMs }: MaterialiseOptions): void {
  const bytes = shards.reduce(
    (sum, { version }) => sum + tables.reduce((of, table) => of + version.manifest.outputs[table].sizeBytes, 0),
    0,
  );
  if (bytes <= MAX_FETCHED_BYTES) return;
  throw new BadInput(
    `${tables.join(', ')} as of ${isoTime(asOfMs)} are ${bytesText(bytes)} to fetch, at most ${bytesText(MAX_FETCHED_BYTES)} ` +
      'are: name fewer tables, or copy the bucket into a folder and ask there',
  );
}

async function layShard(
  store: ObjectStore,
  isFolder: boolean,
  folder: string,
  shard: ShardAsOf,
  tables: readonly Table[],
): Promise<void> {
  const { history, index, version } = shard;
  const { manifest } = version;
  await write(join(folder, manifestKey(history.series, history.period)), encodeManifest(manifest));
  for (const table of tables) {
    const { key, sizeBytes } = manifest.outputs[table];
    const place = await placeOf(store, history, index, version, table);
    const target = join(folder, key);
    if (isFolder && place.whole && (await laidLink(join(store.url, place.key), target, sizeBytes))) continue;
    await write(target, await readVersionTable(store, shard, table, codeHashes().candles));
  }
}

/** False where the file is not of the size that it should have: its shard is being replaced, or it is damaged. */
async function laidLink(source: string, target: string, sizeBytes: number): Promise<boolean> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(source, target);
  } catch {
    await copyFile(source, target).catch(() => {});
  }
  const found = (await stat(target).catch(() => undefined))?.size;
  if (found === sizeBytes) return true;
  await rm(target, { force: true });
  return false;
}

/**
 * The reports of the runs that had ended. A report's copy outlives what is below `runs/`; a run of earlier code has
 * none, nor has one that was cut off.
 */
async function layRuns(store: ObjectStore, folder: string, asOfMs: number): Promise<void> {
  const [copies, own] = await Promise.all([store.list(RUN_REPORTS_PREFIX), store.list(RUNS_PREFIX)]);
  const reports = new Map<string, string>();
  for (const { key } of [...copies, ...own]) {
    const runId = reportedRun(key);
    if (runId !== undefined && !reports.has(runId)) reports.set(runId, key);
  }
  for (const key of reports.values()) {
    const bytes = await store.get(key);
    if (!bytes) throw new CorruptObject(`${key} is gone from ${store.url}`);
    if (finishedAt(bytes, key) <= asOfMs) await write(join(folder, key), bytes);
  }
}

/** When a run had ended, by its report. @throws CorruptObject where it does not say */
function finishedAt(bytes: Uint8Array, key: string): number {
  try {
    const { finishedAtMs } = JSON.parse(Buffer.from(bytes).toString('utf8')) as RunReport;
    if (Number.isFinite(finishedAtMs)) return finishedAtMs;
  } catch {
    // Said below.
  }
  throw new CorruptObject(`${key} is no report of a run: put it back from a copy of the lake, or remove it`);
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
