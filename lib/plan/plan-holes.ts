import pLimit from 'p-limit';
import type { Chunk } from '../domain/chunk.ts';
import { BadInput } from '../domain/errors.ts';
import { countOpenTimes } from '../domain/interval.ts';
import { refineResultKey, runKey } from '../domain/keys.ts';
import type { ObjectStore } from '../ports.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { batchHoles } from './batches.ts';
import type {
  HoledSeries,
  HolesPlan,
  Plan,
  PlanHolesInput,
  PlanHolesResult,
  PlannedSeries,
  SeriesItem,
} from './contract.ts';
import { REST_BYTES_PER_CANDLE } from './estimate.ts';
import { type HoleWindow, holeWindows, rangesWithin } from './hole-windows.ts';

/** Reports read at once. */
const AT_ONCE = 64;

/** REST requests that one run spends on holes: weight 12,000, ten minutes at half the exchange's limit. */
const MOST_WINDOWS = 6_000;

/**
 * Plans what to ask of REST about the holes that refine found: open times of the run's range that an archive file covers
 * without a candle and that REST was never asked for. Where REST cannot be asked (out of reach, or it does not know the
 * symbol) there is nothing to plan. Asks nobody but the lake, and writes only where there is something to do.
 * @throws BadInput where the run has no plan.
 */
export async function planHoles({ runId }: PlanHolesInput, store: ObjectStore): Promise<PlanHolesResult> {
  const result = { runId, restKey: runKey(runId, 'holes-rest.json'), seriesKey: runKey(runId, 'holes-series.json') };
  const planKey = runKey(runId, 'plan.json');
  const plan = await readJson<Plan>(store, planKey);
  if (!plan) throw new BadInput(`run must have a plan at ${planKey}, got run '${runId}'`);

  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(
    plan.series.filter((series) => series.rest).map((series) => limit(() => findHoles(series, runId, store))),
  );
  const holed = shareWindows(found.filter(({ windows }) => windows.length > 0));
  const asked = holed.filter(({ windows }) => windows.length > 0);
  const chunks = asked.flatMap(({ planned, windows }) => windows.map(({ range }) => restChunk(planned, range, plan)));
  if (chunks.length === 0) return { ...result, chunks: 0 };

  const holes: HolesPlan = {
    runId,
    chunks,
    candles: sum(asked, ({ windows }) => sum(windows, ({ candles }) => candles)),
    leftCandles: sum(holed, ({ leftCandles }) => leftCandles),
    series: asked.map(({ planned: { series }, madePeriods }) => ({ series, madePeriods })),
  };
  const items: SeriesItem[] = asked.map(({ planned: { series } }) => ({ runId, series }));
  await putJson(store, result.restKey, batchHoles(runId, chunks));
  await putJson(store, result.seriesKey, items);
  await putJson(store, runKey(runId, 'holes.json'), holes);
  return { ...result, chunks: chunks.length };
}

interface FoundHoles extends Pick<HoledSeries, 'madePeriods'> {
  readonly planned: PlannedSeries;
  readonly windows: readonly HoleWindow[];
}

/** A series that refine did not finish has no report: it is named by the run's own, and its holes come another time. */
async function findHoles(planned: PlannedSeries, runId: string, store: ObjectStore): Promise<FoundHoles> {
  const { series, range } = planned;
  const report = await readJson<SeriesReport>(store, refineResultKey(runId, series));
  const shards = report?.shards ?? [];
  const holes = rangesWithin(
    series.interval,
    shards.flatMap((shard) => shard.holes),
    range,
  );
  const madePeriods = shards.filter((shard) => shard.recomputed).map((shard) => shard.period);
  return { planned, madePeriods, windows: holeWindows(series.interval, holes) };
}

/** Deals the requests of one run out to the series in turn, so that one with very many holes starves no other. */
function shareWindows(found: readonly FoundHoles[]): (FoundHoles & { readonly leftCandles: number })[] {
  let left = MOST_WINDOWS;
  const shares = found.map(() => 0);
  for (let dealt = true; dealt && left > 0; ) {
    dealt = false;
    for (const [index, { windows }] of found.entries()) {
      if (left === 0 || shares[index]! >= windows.length) continue;
      shares[index]! += 1;
      left -= 1;
      dealt = true;
    }
  }
  return found.map((one, index) => ({
    ...one,
    windows: one.windows.slice(0, shares[index]),
    leftCandles: sum(one.windows.slice(shares[index]), ({ candles }) => candles),
  }));
}

function restChunk({ series }: PlannedSeries, range: Chunk['range'], { asOfMs }: Plan): Chunk {
  const sizeBytes = countOpenTimes(series.interval, range) * REST_BYTES_PER_CANDLE;
  return { series, source: 'rest', range, asOfMs, sizeBytes };
}

async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const bytes = await store.get(key);
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as T) : undefined;
}

async function putJson(store: ObjectStore, key: string, value: unknown): Promise<void> {
  await store.put(key, new TextEncoder().encode(JSON.stringify(value)));
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
