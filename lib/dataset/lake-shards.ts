import { BadInput, CorruptObject } from '../domain/errors.ts';
import { type Interval, nextOpenTime } from '../domain/interval.ts';
import { MARKETS } from '../domain/market.ts';
import { type Period, periodRange } from '../domain/period.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { sha256 } from '../domain/sha256.ts';
import { manifestKey, manifestPrefix, parseVersionKey, tablePrefix, versionsPrefix } from '../lake/keys.ts';
import type { Manifest } from '../lake/manifest/contract.ts';
import { parseManifest } from '../lake/manifest/manifest.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRequest } from './contract.ts';

/** A shard of the lake that the pack reads. */
export interface LakeShard {
  readonly series: Series;
  readonly period: Period;
  readonly manifest: Manifest;
  /** Of the manifest as it is stored. */
  readonly manifestSha256: string;
}

/**
 * Lists the shards of the request by symbol and time.
 * @throws BadInput if a series is not in the lake; Error while a shard is being rewritten
 */
export async function listLakeShards(store: ObjectStore, request: DatasetRequest): Promise<LakeShard[]> {
  const shards: LakeShard[] = [];
  for (const symbol of request.symbols) {
    const series: Series = { market: request.market, symbol, interval: request.interval };
    for (const period of await heldPeriods(store, series)) {
      const { fromMs, toMs } = periodRange(period);
      if (toMs <= request.fromMs || fromMs >= request.toMs) continue;
      shards.push(await readShard(store, series, period));
    }
  }
  return shards;
}

/**
 * Returns the shards of a longer interval that rows of the range can be joined with: those that begin before its end,
 * from the last one on that had a candle closed at its beginning.
 */
export async function listJoinedShards(
  store: ObjectStore,
  series: Series,
  { fromMs, toMs }: DatasetRequest,
): Promise<LakeShard[]> {
  const shards: LakeShard[] = [];
  const periods = (await heldPeriods(store, series)).filter((period) => periodRange(period).fromMs < toMs);
  for (const period of periods.reverse()) {
    const shard = await readShard(store, series, period);
    const { candles, firstOpenTimeMs } = shard.manifest.report;
    shards.unshift(shard);
    if (candles > 0 && nextOpenTime(series.interval, firstOpenTimeMs) <= fromMs) break;
  }
  return shards;
}

/** Returns the open time of the newest candle of a series. @throws BadInput if the lake does not have the series */
export async function newestOpenTime(store: ObjectStore, series: Series): Promise<number> {
  for (const period of (await heldPeriods(store, series)).reverse()) {
    const { candles, lastOpenTimeMs } = (await readShard(store, series, period)).manifest.report;
    if (candles > 0) return lastOpenTimeMs;
  }
  throw await notThere(store, series);
}

const MADE_AGAIN = 'run `npx lake run` for its series to have it made again';

/**
 * Reads the manifest of a shard.
 * @throws Error while the shard is being rewritten
 * @throws CorruptObject if the shard has no whole manifest, or one that no version records
 */
async function readShard(store: ObjectStore, series: Series, period: Period): Promise<LakeShard> {
  const key = manifestKey(series, period);
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`${key} is gone from ${store.url}: ${MADE_AGAIN}`);
  const read = parseManifest(series, bytes);
  if (read.state === 'empty') throw new Error(`${key} says that the shard is being rewritten: finish the run first`);
  if (read.state === 'unreadable') throw new CorruptObject(`${key} is no manifest: ${MADE_AGAIN}`);
  const { manifest } = read;
  const manifestSha256 = sha256(bytes);
  await assertPublished(store, series, period, manifestSha256);
  return { series, period, manifest, manifestSha256 };
}

/** Checks that a version of this manifest is recorded, because an id without one could never be verified. */
async function assertPublished(
  store: ObjectStore,
  series: Series,
  period: Period,
  manifestSha256: string,
): Promise<void> {
  const keys = (await store.list(versionsPrefix(series, period))).map(({ key }) => key);
  const versions = keys.flatMap((key) => parseVersionKey(key) ?? []);
  if (versions.length === 0 || versions.some(({ manifest12 }) => manifestSha256.startsWith(manifest12))) return;
  const key = manifestKey(series, period);
  throw new CorruptObject(
    `${key} is of no version that is recorded: \`npx lake audit --repair\`, then \`npx lake run\` for its series`,
  );
}

/**
 * Returns shards with those that they depend on: all shards of the series before them, and enough after the last for
 * the labels. Given shards stay as they were read, even if a run has replaced them since.
 */
export async function listShardsAround(
  store: ObjectStore,
  shards: readonly LakeShard[],
  candlesAhead: (interval: Interval) => number,
): Promise<LakeShard[]> {
  const around: LakeShard[] = [];
  const given = new Map(shards.map((shard) => [manifestKey(shard.series, shard.period), shard]));
  const lastOf = new Map(shards.map(({ series, period }) => [seriesName(series), { series, period }]));
  for (const { series, period: last } of lastOf.values()) {
    let ahead = 0;
    for (const period of await periodsOf(store, series)) {
      const after = periodRange(period).fromMs > periodRange(last).fromMs;
      if (after && ahead >= candlesAhead(series.interval)) break;
      const shard = given.get(manifestKey(series, period)) ?? (await readShard(store, series, period));
      if (after) ahead += shard.manifest.report.candles;
      around.push(shard);
    }
  }
  return around;
}

/** The periods of a series. @throws BadInput if the lake does not have the series */
async function heldPeriods(store: ObjectStore, series: Series): Promise<Period[]> {
  const periods = await periodsOf(store, series);
  if (periods.length === 0) throw await notThere(store, series);
  return periods;
}

/** Periods of a series that have a manifest or features, in the order of time. */
async function periodsOf(store: ObjectStore, series: Series): Promise<Period[]> {
  const listed = await Promise.all(
    [manifestPrefix(series), tablePrefix('features', series)].map(async (prefix) =>
      (await store.list(prefix)).map(({ key }) => key.slice(prefix.length)),
    ),
  );
  const periods = listed
    .flat()
    .flatMap((name) => /^period=([^/]+)\/(manifest\.json|features\.parquet)$/.exec(name)?.[1] ?? []);
  return [...new Set(periods)].sort();
}

async function notThere(store: ObjectStore, series: Series): Promise<BadInput> {
  const others: string[] = [];
  for (const market of MARKETS) {
    if (market === series.market) continue;
    if ((await periodsOf(store, { ...series, market })).length > 0) others.push(market);
  }
  const hint =
    others.length > 0
      ? `it has that of market ${others.join(', ')}: give --market ${others[0]}`
      : `run \`npx lake run --symbols ${series.symbol} --interval ${series.interval} --market ${series.market}\` first`;
  return new BadInput(`lake at ${store.url} holds no ${seriesName(series)}; ${hint}`);
}
