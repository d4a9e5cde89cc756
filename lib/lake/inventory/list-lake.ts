import { INTERVALS } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import { parseSeriesPath, type Series, seriesPath } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import { STREAM_NAMES, type StreamName } from '../../domain/stream-table.ts';
import { subjectOf, subjectPath } from '../../domain/subject.ts';
import { TABLES } from '../../domain/tables.ts';
import type { ObjectStore } from '../../ports.ts';
import { getOrCompute } from '../get-or-compute.ts';
import { inParallel } from '../in-parallel.ts';
import { manifestKey } from '../keys.ts';
import type { Manifest, ManifestOutput, StreamManifest } from '../manifest/contract.ts';
import { readManifest } from '../manifest/manifest.ts';
import { parseStreamPath } from '../stream-keys.ts';

const READS_AT_ONCE = 32;

/** The series and streams to list; a field that is left out allows all. */
export interface ListingWanted {
  readonly market?: Market;
  readonly symbols?: readonly string[];
  readonly interval?: string;
}

/** A series or a stream with the manifests of its shards, in the order of time. */
export interface HeldSeries {
  readonly series: Series;
  readonly manifests: readonly Manifest[];
}

export interface HeldStream {
  readonly stream: Stream;
  readonly manifests: readonly StreamManifest[];
}

/** An object that is damaged, missing or unfinished. */
export interface LakeProblem {
  readonly key: string;
  /** Its fault, such as `is damaged`. */
  readonly what: string;
  /** True if a run is rewriting the shard now, or was stopped while it did. */
  readonly unfinished: boolean;
}

export interface LakeListing {
  readonly series: readonly HeldSeries[];
  readonly streams: readonly HeldStream[];
  readonly problems: readonly LakeProblem[];
}

/**
 * Lists what a lake holds by its manifests, and compares them with the names and sizes of its tables. Reads no table.
 */
export async function listLake(store: ObjectStore, wanted: ListingWanted): Promise<LakeListing> {
  const stored = await listStored(store, wanted.market);
  const shards = shardsAmong(stored.keys(), wanted);
  const read = await inParallel(shards, (shard) => readShard(store, shard, stored), READS_AT_ONCE);
  const series = new Map<string, { series: Series; manifests: Manifest[] }>();
  const streams = new Map<string, { stream: Stream; manifests: StreamManifest[] }>();
  for (const { shard, manifest } of read) {
    if (!manifest) continue;
    const { path } = shard;
    if ('stream' in manifest) {
      getOrCompute(streams, path, () => ({ stream: manifest.stream, manifests: [] })).manifests.push(manifest);
    } else getOrCompute(series, path, () => ({ series: manifest.series, manifests: [] })).manifests.push(manifest);
  }
  return {
    series: [...series.values()].sort(byName),
    streams: [...streams.values()],
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Compares by market, symbol and length of the interval. */
function byName({ series: a }: HeldSeries, { series: b }: HeldSeries): number {
  const place = ({ interval }: Series) => INTERVALS.indexOf(interval);
  if (a.market !== b.market) return a.market < b.market ? -1 : 1;
  if (a.symbol !== b.symbol) return a.symbol < b.symbol ? -1 : 1;
  return place(a) - place(b);
}

/** Returns the sizes of all manifests and tables, by key. */
async function listStored(store: ObjectStore, market: Market | undefined): Promise<Map<string, number>> {
  const tables = [...TABLES, ...STREAM_NAMES];
  const prefixes =
    market === undefined
      ? [...tables, 'manifests'].map((name) => `${name}/`)
      : [...tables, 'manifests', ...STREAM_NAMES.map((name) => `manifests/streams/${name}`)].map(
          (name) => `${name}/market=${market}/`,
        );
  const lists = await Promise.all(prefixes.map((prefix) => store.list(prefix)));
  return new Map(lists.flat().map(({ key, sizeBytes }) => [key, sizeBytes]));
}

/** A shard that has a manifest or a table. */
interface Shard {
  /** Sorts series before streams, each by name. */
  readonly path: string;
  readonly of: { readonly series: Series } | { readonly stream: Stream };
  readonly period: string;
}

const TABLE_KEY = /^([a-z_]+)\/(.+)\/period=([^/]+)\/\1\.parquet$/;
const MANIFEST_KEY = /^manifests\/(?:streams\/([a-z_]+)\/)?(.+)\/period=([^/]+)\/manifest\.json$/;

function shardsAmong(keys: Iterable<string>, wanted: ListingWanted): Shard[] {
  const shards = new Map<string, Shard>();
  for (const key of keys) {
    const [, table, path, period] = TABLE_KEY.exec(key) ?? MANIFEST_KEY.exec(key) ?? [];
    const of = path === undefined ? undefined : ownerOf(table, path, period!);
    if (!of || !isWanted('series' in of ? of.series : of.stream, wanted)) continue;
    const name = 'series' in of ? `0/${seriesPath(of.series)}` : `1/${of.stream.name}/${subjectPath(of.stream)}`;
    shards.set(`${name}/${period}`, { path: name, of, period: period! });
  }
  return [...shards].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, shard]) => shard);
}

/** Returns the series or the stream of a path, or undefined if the path is of neither. */
function ownerOf(table: string | undefined, path: string, period: string): Shard['of'] | undefined {
  const name = STREAM_NAMES.find((one) => one === table) as StreamName | undefined;
  if (name) {
    const stream = parseStreamPath(name, `${path}/period=${period}`);
    return stream && { stream };
  }
  try {
    return { series: parseSeriesPath(path) };
  } catch {
    return undefined;
  }
}

function isWanted(one: Partial<Series>, { market, symbols, interval }: ListingWanted): boolean {
  if (market !== undefined && one.market !== market) return false;
  if (symbols && !(one.symbol !== undefined && symbols.includes(one.symbol))) return false;
  return interval === undefined || one.interval === interval;
}

async function readShard(store: ObjectStore, shard: Shard, stored: ReadonlyMap<string, number>) {
  const { of, period } = shard;
  const subject = subjectOf(of);
  const key = manifestKey(subject, period);
  const manifest = await readManifest(store, subject, period);
  if (!manifest?.report) return { shard, manifest: undefined, problems: [await withoutManifest(store, key)] };
  const outputs: readonly (ManifestOutput | undefined)[] =
    'stream' in manifest ? [manifest.output] : TABLES.map((table) => manifest.outputs[table]);
  return { shard, manifest, problems: outputs.flatMap((output) => (output ? tableProblem(output, stored) : [])) };
}

/**
 * Returns the problem of a shard without a valid manifest. While a run rewrites a shard, its manifest lists no tables.
 */
async function withoutManifest(store: ObjectStore, key: string): Promise<LakeProblem> {
  const bytes = await store.get(key);
  if (!bytes) return { key, what: 'is missing', unfinished: false };
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
    return { key, what: 'lists no tables: a run is rewriting them, or was stopped', unfinished: true };
  } catch {
    return { key, what: 'is damaged', unfinished: false };
  }
}

function tableProblem({ key, sizeBytes }: ManifestOutput, stored: ReadonlyMap<string, number>): LakeProblem[] {
  const size = stored.get(key);
  if (size === sizeBytes) return [];
  const what = size === undefined ? 'is missing' : `has ${size} bytes, its manifest lists ${sizeBytes}`;
  return [{ key, what, unfinished: false }];
}
