import { copyFile, link, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { codeHashes } from '../adapters/local/code-hash.ts';
import { scratchFolder } from '../adapters/local/folder-object-store.ts';
import { BadInput, CorruptObject } from '../domain/errors.ts';
import { formatBytes } from '../domain/format-amount.ts';
import { STREAM_NAMES } from '../domain/stream-table.ts';
import { TABLES, type Table } from '../domain/tables.ts';
import { isoTime } from '../domain/time-range.ts';
import { lakeAsOf } from '../lake/as-of/lake-as-of.ts';
import { placeOf, readVersionTable } from '../lake/as-of/version-table.ts';
import type { RunReport } from '../lake/catalogue/contract.ts';
import { manifestKey, RUN_REPORTS_PREFIX, RUNS_PREFIX, reportedRun } from '../lake/keys.ts';
import { encodeManifest } from '../lake/manifest/manifest.ts';
import type { ShardAsOf } from '../lake/versions/shard-history.ts';
import type { ObjectStore } from '../ports.ts';
import { VIEWS } from '../query/views.ts';

/** The most that is fetched from a bucket for one query. */
const MAX_FETCHED_BYTES = 4e9;
const SHARDS_AT_ONCE = 8;

/** The lake of an earlier time, in its own folder. */
export interface MaterialisedLake {
  readonly folder: string;
  remove(): Promise<void>;
}

interface MaterialiseOptions {
  readonly asOfMs: number;
  /** The current time. `asOfMs` must not be later. */
  readonly nowMs: number;
  readonly tables: readonly Table[];
  /** True if the reports of the runs are wanted. */
  readonly runs: boolean;
}

/**
 * Returns the tables that SQL may read: candles, each table that it names, and the tables of each view that it names.
 * `runs` is true if it may read the reports of runs.
 * @throws BadInput if it names a stream, because streams have no versions
 */
export function namedIn(sql: string): Pick<MaterialiseOptions, 'tables' | 'runs'> {
  const stream = STREAM_NAMES.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(sql));
  if (stream !== undefined) {
    throw new BadInput(
      `as-of must name tables whose versions are kept (${TABLES.join(', ')}), got ${stream}: ` +
        'query it without --as-of; its condition is known_at <= …',
    );
  }
  const views = VIEWS.filter(({ name }) => sql.toLowerCase().includes(name)).map(({ duckdb }) => duckdb);
  const text = [sql, ...views].join('\n').toLowerCase();
  return { tables: TABLES.filter((table) => table === 'candles' || text.includes(table)), runs: text.includes('run') };
}

/**
 * Writes the lake of an earlier time into a folder. In a folder lake, an unchanged object becomes a hard link, which
 * stays valid if a run replaces the object meanwhile. If a shard has grown since, its rows are cut out of the new
 * table.
 * @throws BadInput if the lake had no shard then, if the time is in the future, or if too much would have to be fetched
 *   from a bucket
 */
export async function materialiseLake(store: ObjectStore, options: MaterialiseOptions): Promise<MaterialisedLake> {
  const isFolder = !store.url.startsWith('s3://');
  const shards = await lakeAsOf(store, options.asOfMs, options.nowMs);
  if (!isFolder) assertFetchable(shards, options);
  const folder = isFolder ? await ownFolder(store.url) : await mkdtemp(join(tmpdir(), 'candlelake-as-of-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const limit = pLimit(SHARDS_AT_ONCE);
  try {
    // If one shard fails, the others must end before their folder is removed.
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

/** Makes a folder in the lake, so that links are possible, or elsewhere if the lake cannot be written. */
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
    `tables to fetch must be at most ${formatBytes(MAX_FETCHED_BYTES)}, got ${formatBytes(bytes)} of ` +
      `${tables.join(', ')} as of ${isoTime(asOfMs)}: name fewer tables, or copy the bucket into a folder`,
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

/** Returns false if the file has a wrong size, because its shard is being replaced or it is damaged. */
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
 * Writes the reports of the runs that had ended. The copy of a report outlives `runs/`. A run of earlier code, or one
 * that was cut off, has no copy.
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

/** Returns the end of a run from its report. @throws CorruptObject if it is not a report */
function finishedAt(bytes: Uint8Array, key: string): number {
  try {
    const { finishedAtMs } = JSON.parse(Buffer.from(bytes).toString('utf8')) as RunReport;
    if (Number.isFinite(finishedAtMs)) return finishedAtMs;
  } catch {
    // The error is thrown below.
  }
  throw new CorruptObject(`${key} is not a report of a run: restore it from a copy of the lake, or remove it`);
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
