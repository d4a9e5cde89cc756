import type { Interval } from '../../domain/interval.ts';
import { createFeatureEngine, type FeatureEngine } from '../../features/engine.ts';
import type { FeatureRow } from '../../features/feature-row.ts';
import { TABLE } from '../../features/table.ts';

const resting = new Map<Interval, FeatureEngine>();

/**
 * Returns a feature engine before its first candle. It is one that another series has used, if there is one: V8 optimises
 * the kernels of each new engine again, which takes several times as long as a month of candles does afterwards.
 */
export function borrowEngine(interval: Interval, rows: readonly FeatureRow[] = TABLE): FeatureEngine {
  const engine = resting.get(interval);
  if (engine?.rows !== rows) return createFeatureEngine(interval, rows);
  resting.delete(interval);
  engine.reset();
  return engine;
}

/** Gives an engine back. One per interval is kept; its borrower must not use it afterwards. */
export function returnEngine(interval: Interval, engine: FeatureEngine): void {
  resting.set(interval, engine);
}
