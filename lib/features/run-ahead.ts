import type { Candles } from '../domain/candles.ts';
import type { Interval } from '../domain/interval.ts';
import { createFeatureEngine, type FeatureEngine } from './engine.ts';
import { type FeatureName, featureRows } from './table.ts';

/** For each engine, an engine of the rows that one column needs. It is kept because V8 has compiled its kernels. */
const followers = new WeakMap<FeatureEngine, Map<FeatureName, FeatureEngine>>();

/**
 * Computes one column of the candles that follow those that an engine has seen. The engine and its columns stay as they
 * are. Only the kernels that the column needs run.
 */
export function runAhead(engine: FeatureEngine, interval: Interval, candles: Candles, name: FeatureName): Float64Array {
  const kept = followers.get(engine) ?? new Map<FeatureName, FeatureEngine>();
  const follower = kept.get(name) ?? createFeatureEngine(interval, featureRows([name], engine.rows));
  followers.set(engine, kept.set(name, follower));
  follower.continueFrom(engine);
  return follower.run(candles).columns[name];
}
