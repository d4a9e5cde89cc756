import { type ColumnOf, type FeatureRow, featureTable, outputsOf } from './feature-row.ts';
import { AVERAGES } from './sections/averages.ts';
import { CANDLE } from './sections/candle.ts';
import { FOUNDATIONS } from './sections/foundations.ts';
import { MOMENTUM } from './sections/momentum.ts';
import { ORIGINAL } from './sections/original.ts';
import { PATTERNS } from './sections/patterns.ts';
import { STATISTICS } from './sections/statistics.ts';
import { TIME } from './sections/time.ts';
import { TREND } from './sections/trend.ts';
import { VOLATILITY } from './sections/volatility.ts';
import { VOLUME } from './sections/volume.ts';

/**
 * The feature table: a row per kernel, in the order of the columns in the lake. The schema, the names, `lake features`,
 * docs/features.md and the laws are made from it. A published column is never renamed and never changes its meaning.
 * docs/add-a-feature.md says how to add a row.
 */
export const TABLE = featureTable(
  ...FOUNDATIONS,
  ...AVERAGES,
  ...TREND,
  ...MOMENTUM,
  ...VOLATILITY,
  ...VOLUME,
  ...CANDLE,
  ...PATTERNS,
  ...STATISTICS,
  ...TIME,
  ...ORIGINAL,
);

/** The sections of the table, in its order. */
export const SECTIONS: Readonly<Record<string, readonly FeatureRow[]>> = {
  foundations: FOUNDATIONS,
  averages: AVERAGES,
  trend: TREND,
  momentum: MOMENTUM,
  volatility: VOLATILITY,
  volume: VOLUME,
  candle: CANDLE,
  patterns: PATTERNS,
  statistics: STATISTICS,
  time: TIME,
  original: ORIGINAL,
};

/** Name of a column of the table `features`. */
export type FeatureName = ColumnOf<(typeof TABLE)[number]>;

/**
 * Returns the rows that compute these columns, and the rows that they read, in the table's order. An engine of few rows
 * is faster: `createFeatureEngine(interval, featureRows(['rsi_14']))`.
 * @throws RangeError if a name is not an output of the table
 */
export function featureRows(names: readonly string[], table: readonly FeatureRow[] = TABLE): FeatureRow[] {
  const missing = new Set(names);
  const wanted = new Set(names);
  const rows = [...table].reverse().filter((row) => {
    const outputs = outputsOf(row);
    for (const name of outputs) missing.delete(name);
    if (!outputs.some((name) => wanted.has(name))) return false;
    for (const name of row.inputs) wanted.add(name);
    return true;
  });
  for (const name of missing) throw new RangeError(`feature must be a column of the feature table, got '${name}'`);
  return rows.reverse();
}
