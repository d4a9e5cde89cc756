import { type Chunk, chunkName } from '../../domain/chunk.ts';
import { seriesName } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { isLanded, listLanded } from '../landing/landed-chunks.ts';
import type { FailedFile } from '../manifest/contract.ts';
import type { HolesPlan, Plan } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { isBehind } from './asked-holes.ts';
import type { CaughtFailure } from './caught-failures.ts';
import type { Failure } from './contract.ts';
import { failureOf } from './failure-of.ts';
import { inParallel } from './in-parallel.ts';
import { madeGood } from './made-good.ts';
import { unreadableFiles } from './unreadable-files.ts';

/**
 * Every planned chunk that has not landed, every planned series without a report and every file that cannot be read, with
 * the error where one is known; and those of them whose candles other sources brought. A file that the exchange publishes
 * broken is no failure of the run then: the next one finds it no better.
 */
export async function findFailures(
  store: ObjectStore,
  plan: Plan,
  reports: readonly (SeriesReport | undefined)[],
  holes: HolesPlan | undefined,
  caught: readonly CaughtFailure[],
): Promise<{ failures: Failure[]; healed: Failure[]; missingChunks: number }> {
  const ofChunk = new Map(caught.flatMap((one) => (one.chunks ?? []).map((chunk) => [chunkName(chunk), one] as const)));
  const ofSeries = new Map(caught.flatMap((one) => (one.series ? [[seriesName(one.series), one] as const] : [])));

  const asked = holes?.chunks ?? [];
  const landed = await listLanded([...plan.chunks, ...asked], store);
  const chunkLanded = await inParallel(plan.chunks, (chunk) => isLanded(chunk, landed(chunk), store, 'any source'));
  const chunkAsked = await inParallel(asked, (chunk) => isLanded(chunk, landed(chunk), store));
  const missingChunks = [
    ...plan.chunks.filter((_, index) => !chunkLanded[index]),
    ...asked.filter((_, index) => !chunkAsked[index]),
  ];
  const answered = asked.filter((_, index) => chunkAsked[index]);
  const places = new Map(plan.series.map(({ series }, index) => [seriesName(series), index]));
  const good = await inParallel(missingChunks, (chunk) => {
    const place = places.get(seriesName(chunk.series))!;
    return madeGood(store, plan.series[place]!, reports[place], chunk);
  });
  const missingSeries = plan.series.filter((_, index) => {
    const report = reports[index];
    return !report || isBehind(report, answered);
  });
  const missing = new Set(missingChunks.map(chunkName));
  // A file whose newer version could not be fetched is named for that.
  const unreadable = (await findUnreadable(store, plan, reports)).filter(({ failure }) => !missing.has(failure.name));
  const failures = [
    ...unreadable.filter(({ good }) => !good).map(({ failure }) => failure),
    ...missingChunks.map((chunk) => {
      const known = reports[places.get(seriesName(chunk.series))!]?.failed;
      return failureOf('fetch', chunkName(chunk), whyMissing(chunk, ofChunk.get(chunkName(chunk)), known));
    }),
    ...missingSeries.map(({ series }) => failureOf('refine', seriesName(series), ofSeries.get(seriesName(series)))),
    // A failure about nobody knows what cannot be seen to have been made good.
    ...caught
      .filter((one) => !one.chunks && !one.series && !one.streamChunks && !one.stream)
      .map((one) => failureOf(one.stage, one.key, one)),
  ];
  const healed = [
    ...missingChunks.flatMap((chunk, index) => (good[index] ? failureOf('fetch', chunkName(chunk), good[index]) : [])),
    ...unreadable.filter(({ good }) => good).map(({ failure }) => failure),
  ];
  return { failures, healed, missingChunks: missingChunks.length };
}

/** Archive files that the run wants something of, that landed in this run or an earlier one and that cannot be read. */
async function findUnreadable(store: ObjectStore, plan: Plan, reports: readonly (SeriesReport | undefined)[]) {
  const found = plan.series.flatMap((planned, index) => {
    const { series, range } = planned;
    const files = unreadableFiles(range, reports[index]?.failed);
    return files.map((file) => ({ planned, report: reports[index], file: { series, ...file } }));
  });
  return inParallel(found, async ({ planned, report, file }) => {
    const good = (await madeGood(store, planned, report, file)) !== undefined;
    return { failure: failureOf('fetch', chunkName(file), file), good };
  });
}

/** A batch ends with what befell one of its chunks; of another that the exchange did not give the lake knows more. */
function whyMissing(
  chunk: Chunk,
  batch: CaughtFailure | undefined,
  known: readonly FailedFile[] = [],
): Pick<Failure, 'error' | 'message'> | undefined {
  const own = known.find(({ source, range }) => source === chunk.source && range.fromMs === chunk.range.fromMs);
  const told = batch?.message.startsWith(`${chunkName(chunk)}: `) && batch.error !== own?.error;
  return told ? batch : (own ?? batch);
}
