import pLimit from 'p-limit';
import { chunkName } from '../../domain/chunk.ts';
import { BadInput, isExchangeFailure } from '../../domain/errors.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { archiveListing } from '../../exchange/binance/archive-listing.ts';
import type { Asking } from '../../exchange/binance/ask.ts';
import type { ExchangeUrls } from '../../exchange/exchange-urls.ts';
import type { ObjectStore } from '../../ports.ts';
import { REST_BYTES_PER_CANDLE } from '../cost/estimate.ts';
import { refineResultKey, runKey } from '../keys.ts';
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
import { type HoleDaysWorld, holeDays } from './hole-days.ts';
import { type HoleQuestion, holeWindows, rangesWithin } from './hole-windows.ts';

/** Reports read at once. */
const AT_ONCE = 64;

/** Questions that one run asks about holes: as REST requests weight 12,000, ten minutes at half the exchange's limit. */
const MOST_QUESTIONS = 6_000;

export interface HolesWorld extends Asking {
  readonly store: ObjectStore;
  readonly urls: Pick<ExchangeUrls, 'archiveListing'>;
}

/**
 * Plans who else is to be asked for what archive files did not bring, as refine found: open times of the run's range that
 * a file covers without a candle, or whose file failed, and that REST was never asked for. REST is asked where it can be;
 * where it cannot (out of reach, or it does not know the symbol), the daily files of those days. Writes only where there
 * is something to do or to say.
 * @throws BadInput where the run has no plan.
 */
export async function planHoles({ runId }: PlanHolesInput, world: HolesWorld): Promise<PlanHolesResult> {
  const { store } = world;
  const result = { runId, restKey: runKey(runId, 'holes-rest.json'), seriesKey: runKey(runId, 'holes-series.json') };
  const planKey = runKey(runId, 'plan.json');
  const plan = await readJson<Plan>(store, planKey);
  if (!plan) throw new BadInput(`run must have a plan at ${planKey}, got run '${runId}'`);

  const dailyFiles = untilUnheard(archiveListing(world.urls.archiveListing, world).dailyFiles);
  const tried = new Set(plan.chunks.map(chunkName));
  const holesWorld = { store, dailyFiles, tried, asOfMs: plan.asOfMs };
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(plan.series.map((series) => limit(() => findHoles(series, plan, holesWorld))));
  const notices = unheard(found);
  const holed = shareQuestions(found.filter(({ questions }) => questions.length > 0));
  const asked = holed.filter(({ questions }) => questions.length > 0);
  const chunks = asked.flatMap(({ questions }) => questions.map(({ chunk }) => chunk));
  if (chunks.length === 0 && notices.length === 0) return { ...result, chunks: 0 };

  const holes: HolesPlan = {
    runId,
    chunks,
    candles: sum(asked, ({ questions }) => sum(questions, ({ candles }) => candles)),
    leftCandles: sum(holed, ({ leftCandles }) => leftCandles),
    notices,
    series: asked.map(({ planned: { series }, madePeriods }) => ({ series, madePeriods })),
  };
  const items: SeriesItem[] = asked.map(({ planned: { series } }) => ({ runId, series, askedHoles: true }));
  await putJson(store, result.restKey, batchHoles(runId, chunks));
  await putJson(store, result.seriesKey, items);
  await putJson(store, runKey(runId, 'holes.json'), holes);
  return { ...result, chunks: chunks.length };
}

interface FoundHoles extends Pick<HoledSeries, 'madePeriods'> {
  readonly planned: PlannedSeries;
  readonly questions: readonly HoleQuestion[];
  /** Why the archive did not tell which daily files it has. */
  readonly error?: string;
}

/** A series that refine did not finish has no report: it is named by the run's own, and its holes come another time. */
async function findHoles(planned: PlannedSeries, { runId }: Plan, world: HoleDaysWorld): Promise<FoundHoles> {
  const { series, range, rest } = planned;
  const report = await readJson<SeriesReport>(world.store, refineResultKey(runId, series));
  const { shards = [] } = report ?? {};
  const madePeriods = shards.filter((shard) => shard.recomputed).map((shard) => shard.period);
  const told = shards.flatMap((shard) => shard.holes);
  const holes = rangesWithin(series.interval, told, range);
  if (rest) return { planned, madePeriods, questions: restWindows(series, holes, world) };
  try {
    return { planned, madePeriods, questions: await holeDays(series, holes, world) };
  } catch (error) {
    if (!isExchangeFailure(error)) throw error;
    return { planned, madePeriods, questions: [], error: error.message };
  }
}

function restWindows(series: Series, holes: readonly TimeRange[], { asOfMs }: HoleDaysWorld): HoleQuestion[] {
  return holeWindows(series.interval, holes).map(({ range, candles }) => {
    const sizeBytes = countOpenTimes(series.interval, range) * REST_BYTES_PER_CANDLE;
    return { chunk: { series, source: 'rest', range, asOfMs, sizeBytes }, candles };
  });
}

/** Listings asked for at once. */
const LISTINGS_AT_ONCE = 32;

/** Asks no more once there was no answer: the patience that one question is worth would be too long for that of every series. */
function untilUnheard(dailyFiles: HoleDaysWorld['dailyFiles']): HoleDaysWorld['dailyFiles'] {
  const limit = pLimit(LISTINGS_AT_ONCE);
  let unheard: unknown;
  return (series, month) =>
    limit(async () => {
      if (unheard) throw unheard;
      try {
        return await dailyFiles(series, month);
      } catch (error) {
        unheard = error;
        throw error;
      }
    });
}

/** Without the archive's listing the run goes on to its end; the holes come another time. */
function unheard(found: readonly FoundHoles[]): string[] {
  const errors = found.flatMap(({ error }) => error ?? []);
  if (errors.length === 0) return [];
  return [`archive did not tell which daily files it has for the holes of ${errors.length} series: ${errors[0]}`];
}

/** Deals the questions of one run out to the series in turn, so that one with very many holes starves no other. */
function shareQuestions(found: readonly FoundHoles[]): (FoundHoles & { readonly leftCandles: number })[] {
  let left = MOST_QUESTIONS;
  const shares = found.map(() => 0);
  for (let dealt = true; dealt && left > 0; ) {
    dealt = false;
    for (const [index, { questions }] of found.entries()) {
      if (left === 0 || shares[index]! >= questions.length) continue;
      shares[index]! += 1;
      left -= 1;
      dealt = true;
    }
  }
  return found.map((one, index) => ({
    ...one,
    questions: one.questions.slice(0, shares[index]),
    leftCandles: sum(one.questions.slice(shares[index]), ({ candles }) => candles),
  }));
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
