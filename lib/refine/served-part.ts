import { type Period, periodRange } from '../domain/period.ts';
import type { LedgerLineage } from './contract.ts';
import type { Life } from './life.ts';

/** Where the life of the symbol begins or ends within a period. */
export function servedPart(period: Period, life: Life): Pick<LedgerLineage, 'servedFromMs' | 'servedToMs'> {
  const { fromMs, toMs } = periodRange(period);
  return {
    ...(life.fromMs > fromMs && { servedFromMs: life.fromMs }),
    ...(life.toMs < toMs && { servedToMs: life.toMs }),
  };
}
