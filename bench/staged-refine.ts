import { type Candles, sliceCandles } from '../lib/domain/candles.ts';
import { type Period, periodOf } from '../lib/domain/period.ts';
import { sha256 } from '../lib/domain/sha256.ts';
import type { Table } from '../lib/domain/tables.ts';
import { decodeCsv } from '../lib/exchange/binance/decode-csv.ts';
import { unzipCsv } from '../lib/exchange/binance/unzip.ts';
import { TABLE } from '../lib/features/table.ts';
import { labelHorizon } from '../lib/labels/label-horizon.ts';
import { emptyLabelMemory } from '../lib/labels/label-memory.ts';
import { checkpointKey, type LandingId, manifestKey, tableKey } from '../lib/lake/keys.ts';
import { readLanded } from '../lib/lake/landing/landing.ts';
import { type DecodedObject, type MergedCandles, mergeCandles } from '../lib/lake/landing/merge.ts';
import { hashCandles, hashHead } from '../lib/lake/manifest/hash-candles.ts';
import { closingTimes, gapsBefore } from '../lib/lake/refine/candle-times.ts';
import { encodeCheckpoint } from '../lib/lake/refine/checkpoint.ts';
import { labelShard } from '../lib/lake/refine/label-shard.ts';
import { borrowEngine, returnEngine } from '../lib/lake/refine/shard-computer.ts';
import { SHARD_TABLES, type ShardParts } from '../lib/lake/refine/tables.ts';
import { encodeTable } from '../lib/parquet/encode-table.ts';
import type { BenchLake } from './bench-lake.ts';

export const STAGES = [
  'read + unzip',
  'decode',
  'merge, times, gaps',
  'features',
  'labels',
  'Parquet candles',
  'Parquet features',
  'Parquet labels',
  'checkpoint + hashes',
  'write, flushed',
] as const;
type Stage = (typeof STAGES)[number];

/** Refines a lake by refine's own functions, one stage after the other, and says how long each took in ms. */
export async function stagedRefine({ store, series, landed }: BenchLake): Promise<Record<Stage, number>> {
  const spent = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
  async function during<T>(stage: Stage, work: () => Promise<T> | T): Promise<T> {
    const startMs = performance.now();
    const value = await work();
    spent[stage] += performance.now() - startMs;
    return value;
  }

  async function shardOf(ids: readonly LandingId[]): Promise<MergedCandles> {
    const objects: DecodedObject[] = [];
    for (const id of ids) {
      const [csv, { source, fetchedAtMs, sha256 }] = await during('read + unzip', async () => {
        const { bytes, key, receipt } = await readLanded(store, id);
        return [await unzipCsv(bytes, key), receipt] as const;
      });
      const candles = await during('decode', () => decodeCsv(csv, id.sha256));
      objects.push({ source, fetchedAtMs, sha256, candles });
    }
    return during('merge, times, gaps', () => mergeCandles(objects));
  }

  const { interval } = series;
  const horizon = labelHorizon(interval);
  const features = borrowEngine(interval);
  const byPeriod = new Map<Period, LandingId[]>();
  for (const id of landed) {
    const period = periodOf(interval, id.range.fromMs);
    byPeriod.set(period, [...(byPeriod.get(period) ?? []), id]);
  }
  const periods = [...byPeriod.keys()];
  let chain = '';
  let previousOpenTimeMs = Number.NaN;
  let labelMemory = emptyLabelMemory();
  let next: MergedCandles | undefined;
  for (const [index, period] of periods.entries()) {
    const shard: MergedCandles = next ?? (await shardOf(byPeriod.get(period)!));
    const after: Period | undefined = periods[index + 1];
    next = after === undefined ? undefined : await shardOf(byPeriod.get(after)!);
    const { candles } = shard;
    const following = next ? sliceCandles(next.candles, 0, Math.min(horizon, next.candles.length)) : noCandles(candles);
    const [knownAtMs, gaps] = await during('merge, times, gaps', () => [
      closingTimes(interval, candles),
      gapsBefore(interval, candles.openTimeMs, previousOpenTimeMs),
    ]);
    const computed = await during('features', () => features.run(candles));
    const sigma = computed.columns.volatility_7d;
    const labelled = await during('labels', () =>
      labelShard({ interval, candles, knownAtMs, sigma, features, labelMemory, following }),
    );
    const parts: ShardParts = {
      series,
      shard,
      knownAtMs,
      gapBefore: gaps,
      features: computed,
      labels: labelled.labels,
      gaps: [],
    };
    const encode = (name: Table) => {
      const { schema, length, columns } = SHARD_TABLES[name];
      return encodeTable(schema(TABLE), length(parts), columns(parts));
    };
    labelMemory = labelled.labelMemory;
    const tables = {
      candles: await during('Parquet candles', () => encode('candles')),
      features: await during('Parquet features', () => encode('features')),
      labels: await during('Parquet labels', () => encode('labels')),
    };
    previousOpenTimeMs = candles.openTimeMs.at(-1)!;
    const { checkpoint, hashes } = await during('checkpoint + hashes', () => {
      chain = sha256(chain, '\n', hashCandles(candles));
      const checkpoint = encodeCheckpoint({
        chain,
        lastOpenTimeMs: previousOpenTimeMs,
        engine: features.save(),
        labels: labelMemory,
      });
      const hashes = [...Object.values(tables), checkpoint].map((bytes) => sha256(bytes));
      return { checkpoint, hashes: [...hashes, hashHead(candles, horizon).sha256] };
    });
    await during('write, flushed', async () => {
      for (const [table, bytes] of Object.entries(tables)) {
        await store.put(tableKey(table as keyof typeof tables, series, period), bytes);
      }
      await store.put(checkpointKey(series, period), checkpoint);
      await store.put(manifestKey(series, period), Buffer.from(JSON.stringify(hashes)));
    });
  }
  returnEngine(interval, features);
  return spent;
}

function noCandles(candles: Candles): Candles {
  return sliceCandles(candles, 0, 0);
}
