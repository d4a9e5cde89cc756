import { type Chunk, chunkName } from '../../domain/chunk.ts';
import { seriesName } from '../../domain/series.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { inParallel } from '../in-parallel.ts';
import { isLanded, listLanded } from '../landing/landed-chunks.ts';
import type { FailedFile } from '../manifest/contract.ts';
import type { HolesPlan, Plan } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { isBehind } from './asked-holes.ts';
import type { CaughtFailure } from './caught-failures.ts';
import type { Failure } from './contract.ts';
import { healedFailure } from './healed-failure.ts';

/**
 * Finds every planned chunk that has not landed, every planned series without a report and every file that cannot be
 * read, with the error if one is known. Those whose candles other sources supplied are healed. An unreadable file that
 * is healed is not a failure of the run, because the next run would get the same bytes.
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
  const places = new Map(plan.series.map(({ series }, index) => [seriesName(series), index]));
  const { missing, answered } = await compareChunks(store, plan, holes);
  const healedChunks = await inParallel(missing, (chunk) => {
    const place = places.get(seriesName(chunk.series))!;
    return healedFailure(store, plan.series[place]!, reports[place], chunk);
  });
  const missingSeries = plan.series.filter((_, index) => {
    const report = reports[index];
    return !report || isBehind(report, answered);
  });
  const names = new Set(missing.map(chunkName));
  // A file of which a newer version could not be fetched is already named as a missing chunk.
  const unreadable = (await findUnreadable(store, plan, reports)).filter(({ failure }) => !names.has(failure.name));
  const failures = [
    ...unreadable.filter(({ healed }) => !healed).map(({ failure }) => failure),
    ...missing.map((chunk) => {
      const known = reports[places.get(seriesName(chunk.series))!]?.failed;
      return failureOf('fetch', chunkName(chunk), whyMissing(chunk, ofChunk.get(chunkName(chunk)), known));
    }),
    ...missingSeries.map(({ series }) => failureOf('refine', seriesName(series), ofSeries.get(seriesName(series)))),
    // A failure without an item cannot be seen to have healed.
    ...caught
      .filter((one) => !one.chunks && !one.series && !one.streamChunks && !one.stream)
      .map((one) => failureOf(one.stage, one.key, one)),
  ];
  const healed = [
    ...missing.flatMap((chunk, index) =>
      healedChunks[index] ? failureOf('fetch', chunkName(chunk), healedChunks[index]) : [],
    ),
    ...unreadable.filter((one) => one.healed).map(({ failure }) => failure),
  ];
  return { failures, healed, missingChunks: missing.length };
}

/** Returns the chunks of the plan and of its holes that have not landed, and the answered chunks of holes. */
async function compareChunks(store: ObjectStore, plan: Plan, holes: HolesPlan | undefined) {
  const asked = holes?.chunks ?? [];
  const landed = await listLanded([...plan.chunks, ...asked], store);
  const chunkLanded = await inParallel(plan.chunks, (chunk) => isLanded(chunk, landed(chunk), store, 'any source'));
  const chunkAnswered = await inParallel(asked, (chunk) => isLanded(chunk, landed(chunk), store));
  const missing = [
    ...plan.chunks.filter((_, index) => !chunkLanded[index]),
    ...asked.filter((_, index) => !chunkAnswered[index]),
  ];
  return { missing, answered: asked.filter((_, index) => chunkAnswered[index]) };
}

/** Finds landed archive files that cannot be read, of this run or an earlier one, if the run wants some of them. */
async function findUnreadable(store: ObjectStore, plan: Plan, reports: readonly (SeriesReport | undefined)[]) {
  const found = plan.series.flatMap((planned, index) => {
    const { series, range } = planned;
    const files = unreadableFiles(range, reports[index]?.failed);
    return files.map((file) => ({ planned, report: reports[index], file: { series, ...file } }));
  });
  return inParallel(found, async ({ planned, report, file }) => {
    const healed = (await healedFailure(store, planned, report, file)) !== undefined;
    return { failure: failureOf('fetch', chunkName(file), file), healed };
  });
}

/** Returns the failed files that have landed, cannot be read, and have times in a range. */
export function unreadableFiles<File extends FailedFile>(
  { fromMs, toMs }: TimeRange,
  failed: readonly File[] | undefined = [],
): File[] {
  return failed.filter(({ landed, range }) => landed && range.fromMs < toMs && range.toMs > fromMs);
}

/** A batch ends with the error of one of its chunks. For another chunk, the record of the lake is better evidence. */
function whyMissing(
  chunk: Chunk,
  batch: CaughtFailure | undefined,
  known: readonly FailedFile[] = [],
): Pick<Failure, 'error' | 'message'> | undefined {
  const own = known.find(({ source, range }) => source === chunk.source && range.fromMs === chunk.range.fromMs);
  const isOfChunk = batch?.message.startsWith(`${chunkName(chunk)}: `) && batch.error !== own?.error;
  return isOfChunk ? batch : (own ?? batch);
}

/** Returns an entry of the report's failures, with the error if one was recorded. */
export function failureOf(
  stage: 'fetch' | 'refine',
  name: string,
  recorded: Omit<Failure, 'stage' | 'name'> | undefined,
): Failure {
  const none = { error: stage === 'fetch' ? 'NotFetched' : 'NotRefined', message: 'no error was recorded' };
  const { error, message, landed }: Omit<Failure, 'stage' | 'name'> = recorded ?? none;
  return { stage, name, error, message, ...(landed && { landed }) };
}
