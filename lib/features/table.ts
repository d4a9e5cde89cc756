import { type ColumnOf, type FeatureRow, featureTable } from './feature-row.ts';
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
 * THE TABLE: every feature, one entry a kernel, in the order of the columns in the lake. The names, types, schemas,
 * laws and `lake features` all come from here. A column once published is never renamed and never changes meaning. An
 * entry may read candle columns and the columns of entries before it; hidden ones exist to be read.
 *
 * An entry says: stored columns with their meaning and formula, kernel, parameters, inputs, source, sets, options.
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

/** The sections of the table, in its order: how people look for a column. */
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
