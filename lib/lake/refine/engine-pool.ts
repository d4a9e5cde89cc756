import type { Interval } from '../../domain/interval.ts';
import { createFeatureEngine, type FeatureEngine } from '../../features/engine.ts';

const resting = new Map<Interval, FeatureEngine>();

/**
 * A feature engine before its first candle, one that another series has used where there is one: V8 optimises the
 * kernels of each engine anew, which takes several times as long as a month of candles does afterwards.
 */
export function borrowEngine(interval: Interval): FeatureEngine {
  const engine = resting.get(interval);
  if (!engine) return createFeatureEngine(interval);
  resting.delete(interval);
  engine.reset();
  return engine;
}

/** Gives an engine back; one of an interval is kept, its borrower must not touch it again. */
export function returnEngine(interval: Interval, engine: FeatureEngine): void {
  resting.set(interval, engine);
}
