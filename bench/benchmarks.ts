import type { Benchmark } from './benchmark.ts';

/** Every benchmark by the name it is asked for; loaded when it is. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  pipeline: async () => (await import('./pipeline.ts')).pipeline,
  features: async () => (await import('./features.ts')).features,
  cold: async () => (await import('./cold.ts')).cold,
  market: async () => (await import('./market.ts')).market,
  encoders: async () => (await import('./encoders.ts')).encoders,
  decode: async () => (await import('./decode.ts')).decode,
  parquet: async () => (await import('./parquet.ts')).parquet,
  store: async () => (await import('./store.ts')).store,
  cost: async () => (await import('./cost.ts')).cost,
  start: async () => (await import('./start.ts')).start,
};
