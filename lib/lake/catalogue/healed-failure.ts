import type { Chunk } from '../../domain/chunk.ts';
import type { GapClass } from '../../domain/gap-class.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import { overlap } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import type { FailedFile } from '../manifest/contract.ts';
import type { PlannedSeries } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { countCandles, countExplained } from './count-in-range.ts';

/** Classes of the ledger that explain for good why there is no candle. */
const FOR_GOOD: readonly GapClass[] = ['exchange_absent', 'not_listed', 'settled'];

/**
 * Returns the failure record of an archive file if other sources supplied everything it should contain: each open time
 * that the run wants is a candle, or the ledger explains for good why not. Returns undefined if something is missing,
 * if the chunk fetches a republished file, or if our own code caused the failure.
 */
export async function healedFailure(
  store: ObjectStore,
  { series, range }: PlannedSeries,
  report: SeriesReport | undefined,
  { source, range: file, revision }: Pick<Chunk, 'source' | 'range' | 'revision'>,
): Promise<FailedFile | undefined> {
  const { shards = [], failed = [] } = report ?? {};
  const known = failed.find((one) => one.source === source && one.range.fromMs === file.fromMs);
  if (revision || !known) return undefined;
  const wanted = overlap(range, file);
  let left = countOpenTimes(series.interval, wanted);
  for (const shard of shards) left -= await countCandles(store, series, wanted, shard);
  if (left === 0) return known;
  for (const shard of shards) left -= await countExplained(store, series, wanted, shard, FOR_GOOD);
  return left === 0 ? known : undefined;
}
