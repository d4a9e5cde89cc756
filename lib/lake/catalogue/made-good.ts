import type { Chunk } from '../../domain/chunk.ts';
import type { GapClass } from '../../domain/gap-class.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import type { ObjectStore } from '../../ports.ts';
import type { FailedFile } from '../manifest/contract.ts';
import type { PlannedSeries } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { accountedInside } from './accounted-inside.ts';
import { candlesInside } from './candles-inside.ts';

/** Classes of the ledger that say for good why there is no candle. */
const EXPLAINED: readonly GapClass[] = ['exchange_absent', 'not_listed', 'settled'];

/**
 * What is known of an archive file that the exchange did not give, or that cannot be read, where other sources brought
 * what it should have: each of its open times that the run wants is a candle, or the ledger says for good why there is
 * none. Undefined otherwise; what could not be had of a file anew is nobody else's to say, and a chunk that failed by a
 * fault of ours is not looked for elsewhere.
 */
export async function madeGood(
  store: ObjectStore,
  { series, range }: PlannedSeries,
  report: SeriesReport | undefined,
  { source, range: file, revision }: Pick<Chunk, 'source' | 'range' | 'revision'>,
): Promise<FailedFile | undefined> {
  const { shards = [], failed = [] } = report ?? {};
  const known = failed.find((one) => one.source === source && one.range.fromMs === file.fromMs);
  if (revision || !known) return undefined;
  const wanted = { fromMs: Math.max(range.fromMs, file.fromMs), toMs: Math.min(range.toMs, file.toMs) };
  let left = countOpenTimes(series.interval, wanted);
  for (const shard of shards) left -= await candlesInside(store, series, wanted, shard);
  if (left === 0) return known;
  for (const shard of shards) left -= await accountedInside(store, series, wanted, shard, EXPLAINED);
  return left === 0 ? known : undefined;
}
