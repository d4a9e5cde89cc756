import type { Interval } from '../domain/interval.ts';
import type { FeatureRow, FeatureSet, FeatureType } from './feature-row.ts';
import { SECTIONS, TABLE } from './table.ts';
import { warmUps } from './warm-up.ts';

/** A column as `lake features` describes it. */
export interface FeatureDescription {
  readonly name: string;
  readonly type: FeatureType;
  readonly meaning: string;
  /** The definition, in the words of `formula-words.ts`. */
  readonly formula: string;
  /** Section of the table, such as `momentum`. */
  readonly section: string;
  /** True if the column depends neither on the price level nor on the size of the market. Such columns are in sets. */
  readonly scaleFree: boolean;
  /** Such as `fast=12 slow=26 signal=9`; empty if the kernel has no parameters. */
  readonly parameters: string;
  /** Candles without a value at the beginning of a series; null if the column is undefined at this interval. */
  readonly warmUp: number | null;
  /** Numbers of state that its kernel keeps between candles, shared by the columns of one kernel. */
  readonly stateValues: number;
  /** Rows behind the current one that its kernel reads back. */
  readonly historyRows: number;
  readonly sets: readonly FeatureSet[];
  readonly source: string;
}

/** Every column of the table `features`, in its order. Warm-ups depend on the interval where windows are in days. */
export function describeFeatures(interval: Interval, rows: readonly FeatureRow[] = TABLE): FeatureDescription[] {
  const known = warmUps(interval, rows);
  return rows.flatMap((row) => {
    const { stateLength = 0, history = 0 } = row.kernel(row.parameters as never, { interval });
    const parameters = Object.entries(row.parameters)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
    return row.columns.map(({ name, type, meaning, formula, sets, source }) => {
      const warmUp = known.get(name)!;
      return {
        name,
        type,
        meaning,
        formula,
        section: sectionOf(row),
        scaleFree: sets.length > 0,
        parameters,
        warmUp: Number.isFinite(warmUp) ? warmUp : null,
        stateValues: stateLength,
        historyRows: history,
        sets,
        source,
      };
    });
  });
}

function sectionOf(row: FeatureRow): string {
  return Object.entries(SECTIONS).find(([, rows]) => rows.includes(row))?.[0] ?? '';
}
