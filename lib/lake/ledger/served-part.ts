import { type Period, periodRange } from '../../domain/period.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { LedgerLineage } from '../manifest/contract.ts';

/** Where the life of the symbol begins or ends within a period. */
export function servedPart(period: Period, life: TimeRange): Pick<LedgerLineage, 'servedFromMs' | 'servedToMs'> {
  const { fromMs, toMs } = periodRange(period);
  return {
    ...(life.fromMs > fromMs && { servedFromMs: life.fromMs }),
    ...(life.toMs < toMs && { servedToMs: life.toMs }),
  };
}
