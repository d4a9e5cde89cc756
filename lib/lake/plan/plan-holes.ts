import pLimit from 'p-limit';
import { chunkName } from '../../domain/chunk.ts';
import { BadInput, isExchangeFailure } from '../../domain/errors.ts';
import type { Series } from '../../domain/series.ts';
import { sumOf } from '../../domain/sum-of.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ArchiveAccess } from '../../exchange/access.ts';
import type { ArchiveListing } from '../../exchange/venue.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { ObjectStore } from '../../ports.ts';
import { inParallel } from '../in-parallel.ts';
import { encodeJson, readJson } from '../json.ts';
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
import { type HoleDaysContext, holeDays } from './hole-days.ts';
import { type HoleQuestion, holeWindows, rangesWithin } from './hole-windows.ts';
import { restChunk } from './plan-chunks.ts';

/** Reports read at once. */
const AT_ONCE = 64;

/** Chunks that one run requests for holes. As REST requests they weigh 12,000: ten minutes at half the budget. */
const MOST_QUESTIONS = 6_000;

export interface HolesContext extends ArchiveAccess {
  readonly store: ObjectStore;
}

/**
 * Plans requests for candles that the archive files did not supply and that REST has not been asked for, as refine
 * reported. It uses REST if REST answers and lists the symbol, otherwise the daily files of those days. It writes
 * nothing if there is no request and no notice.
 * @throws BadInput if the run has no plan
 */
export async function planHoles({ runId }: PlanHolesInput, context: HolesContext): Promise<PlanHolesResult> {
  const { store } = context;
  const result = { runId, restKey: runKey(runId, 'holes-rest.json'), seriesKey: runKey(runId, 'holes-series.json') };
  const planKey = runKey(runId, 'plan.json');
  const plan = await readJson<Plan>(store, planKey);
  if (!plan) throw new BadInput(`run must have a plan at ${planKey}, got run '${runId}'`);

  const dailyFiles = untilFailure(venueOf(plan.market).archiveListing(context));
  const tried = new Set(plan.chunks.map(chunkName));
  const days = { store, dailyFiles, tried, asOfMs: plan.asOfMs };
  const found = await inParallel(plan.series, (series) => findHoles(series, plan, days), AT_ONCE);
  const notices = listingNotices(found);
  const holed = shareQuestions(found.filter(({ questions }) => questions.length > 0));
  const asked = holed.filter(({ questions }) => questions.length > 0);
  const chunks = asked.flatMap(({ questions }) => questions.map(({ chunk }) => chunk));
  if (chunks.length === 0 && notices.length === 0) return { ...result, chunks: 0 };

  const holes: HolesPlan = {
    runId,
    chunks,
    candles: sumOf(asked, ({ questions }) => sumOf(questions, ({ candles }) => candles)),
    leftCandles: sumOf(holed, ({ leftCandles }) => leftCandles),
    notices,
    series: asked.map(({ planned: { series }, madePeriods }) => ({ series, madePeriods })),
  };
  const items: SeriesItem[] = asked.map(({ planned: { series } }) => ({ runId, series, askedHoles: true }));
  await store.put(result.restKey, encodeJson(batchHoles(runId, chunks)));
  await store.put(result.seriesKey, encodeJson(items));
  await store.put(runKey(runId, 'holes.json'), encodeJson(holes));
  return { ...result, chunks: chunks.length };
}

interface FoundHoles extends Pick<HoledSeries, 'madePeriods'> {
  readonly planned: PlannedSeries;
  readonly questions: readonly HoleQuestion[];
  /** The reason why the archive did not list its daily files. */
  readonly error?: string;
}

/** A series that refine did not finish has no report. The run's report names it, and a later run plans its holes. */
async function findHoles(planned: PlannedSeries, { runId }: Plan, context: HoleDaysContext): Promise<FoundHoles> {
  const { series, range, rest } = planned;
  const report = await readJson<SeriesReport>(context.store, refineResultKey(runId, series));
  const { shards = [] } = report ?? {};
  const madePeriods = shards.filter((shard) => shard.recomputed).map((shard) => shard.period);
  const reported = shards.flatMap((shard) => shard.holes);
  const holes = rangesWithin(series.interval, reported, range);
  if (rest) return { planned, madePeriods, questions: restWindows(series, holes, context) };
  try {
    return { planned, madePeriods, questions: await holeDays(series, holes, context) };
  } catch (error) {
    if (!isExchangeFailure(error)) throw error;
    return { planned, madePeriods, questions: [], error: error.message };
  }
}

function restWindows(series: Series, holes: readonly TimeRange[], { asOfMs }: HoleDaysContext): HoleQuestion[] {
  return holeWindows(series.interval, holes).map(({ range, candles }) => ({
    chunk: restChunk(series, range, asOfMs),
    candles,
  }));
}

/** Listings requested at once. */
const LISTINGS_AT_ONCE = 32;

/** Stops listing after the first failure: retrying for every series would take too long. */
function untilFailure(listing: ArchiveListing): HoleDaysContext['dailyFiles'] {
  const limit = pLimit(LISTINGS_AT_ONCE);
  let failure: unknown;
  return (series, month) =>
    limit(async () => {
      if (failure) throw failure;
      try {
        return await listing.files(series, 'archive_daily', { month });
      } catch (error) {
        failure = error;
        throw error;
      }
    });
}

/** Without the archive's listing the run continues to its end, and a later run plans the holes. */
function listingNotices(found: readonly FoundHoles[]): string[] {
  const errors = found.flatMap(({ error }) => error ?? []);
  if (errors.length === 0) return [];
  return [`archive did not tell which daily files it has for the holes of ${errors.length} series: ${errors[0]}`];
}

/**
 * Distributes the chunks of one run over the series in turn, so that a series with very many holes starves no other.
 */
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
    leftCandles: sumOf(one.questions.slice(shares[index]), ({ candles }) => candles),
  }));
}
