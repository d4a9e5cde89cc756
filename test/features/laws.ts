import { CANDLE_COLUMNS, type Candles, sliceCandles } from '../../lib/domain/candles.ts';
import type { Interval } from '../../lib/domain/interval.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import { warmUps } from '../../lib/features/warm-up.ts';
import { sampleCandles } from '../support/candles.ts';
import { POWERS, type Unit } from './units.ts';

// The laws as functions over any rows: they return what breaks them, so that it can be shown that they catch something.

export type Columns = Record<string, Float64Array>;

/** A column, and the first row at which it is not what it should be. */
export interface Offence {
  readonly name: string;
  readonly row: number;
}

/** Whether to save the state and go on in another engine, before a piece of the series. */
export type Restart = (piece: number) => boolean;

const PRICES = ['open', 'high', 'low', 'close'] as const;
const VOLUMES = ['volume', 'takerBuyVolume'] as const;
const QUOTES = ['quoteVolume', 'takerBuyQuoteVolume'] as const;

/** All outputs of the rows, hidden ones too. */
export function featuresOf(rows: readonly FeatureRow[], candles: Candles, interval: Interval): Columns {
  return copy(createFeatureEngine(interval, rows).run(candles).columns);
}

export function copy(columns: Readonly<Record<string, Float64Array>>): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice()]));
}

/** Columns whose bits differ in the first `rows` rows. NaN is NaN whatever its bits: all of them become null. */
export function differences(a: Columns, b: Columns, rows?: number): Offence[] {
  return Object.keys(a)
    .map((name) => ({ name, row: firstDifference(a[name]!.subarray(0, rows), b[name]!.subarray(0, rows)) }))
    .filter(({ row }) => row >= 0);
}

function firstDifference(a: Float64Array, b: Float64Array): number {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return a.length === b.length ? -1 : Math.min(a.length, b.length);
}

/** Exact warm-up: every stored column begins at its row and has no hole after it, over ordinary candles. */
export function warmUpOffences(rows: readonly FeatureRow[], interval: Interval): Offence[] {
  const known = warmUps(interval, rows);
  const length = Math.max(0, ...[...known.values()].filter(Number.isFinite)) + 40;
  const columns = featuresOf(rows, sampleCandles(interval, length), interval);
  const stored = rows.flatMap((row) => row.columns.map(({ name }) => name));
  return stored.flatMap((name) => {
    const row = columns[name]!.findIndex((value, i) => Number.isNaN(value) !== i < known.get(name)!);
    return row < 0 ? [] : [{ name, row }];
  });
}

/** Causality, bit for bit: the features before row `cut` are the same in a series that ends there. */
export function causalityOffences(
  rows: readonly FeatureRow[],
  candles: Candles,
  interval: Interval,
  cuts: readonly number[],
): Offence[] {
  const whole = featuresOf(rows, candles, interval);
  return cuts.flatMap((cut) => differences(featuresOf(rows, sliceCandles(candles, 0, cut), interval), whole, cut));
}

/** Causality again: whatever a candle is multiplied by, the rows before it stay as they were. */
export function foresightOffences(
  rows: readonly FeatureRow[],
  candles: Candles,
  interval: Interval,
  row: number,
  factor: number,
  whole = featuresOf(rows, candles, interval),
): Offence[] {
  const edited = Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, candles[name].slice()]));
  for (const name of CANDLE_COLUMNS) edited[name]![row] = Math.floor(edited[name]![row]! * factor) + 1;
  const changed = { length: candles.length, ...edited } as unknown as Candles;
  return differences(featuresOf(rows, changed, interval), whole, row);
}

/** The features of a series computed piece by piece, and the state after it. */
export function inPieces(
  rows: readonly FeatureRow[],
  candles: Candles,
  cuts: readonly number[],
  interval: Interval,
  restart: Restart,
): { columns: Columns; state: Uint8Array } {
  let engine = createFeatureEngine(interval, rows);
  const outputs = rows.flatMap(outputsOf);
  const columns: Columns = {};
  for (const name of outputs) columns[name] = new Float64Array(candles.length).fill(-1);
  const edges = [0, ...[...cuts].sort((a, b) => a - b), candles.length];
  for (let piece = 0; piece + 1 < edges.length; piece++) {
    const [from, to] = [edges[piece]!, edges[piece + 1]!];
    if (restart(piece)) {
      const bytes = engine.save();
      engine = createFeatureEngine(interval, rows);
      engine.restore(bytes);
    }
    const run = engine.run(sliceCandles(candles, from, to));
    for (const name of outputs) columns[name]!.set((run.columns as Columns)[name]!, from);
  }
  return { columns, state: engine.save() };
}

/** Split invariance, bit for bit, the state included (an offence named `(state)`). */
export function splitOffences(
  rows: readonly FeatureRow[],
  candles: Candles,
  cuts: readonly number[],
  interval: Interval,
  restart: Restart,
  whole = inPieces(rows, candles, [], interval, () => false),
): Offence[] {
  const pieces = inPieces(rows, candles, cuts, interval, restart);
  const sameState = Buffer.compare(pieces.state, whole.state) === 0;
  return [
    ...differences(whole.columns, pieces.columns),
    ...(sameState ? [] : [{ name: '(state)', row: candles.length }]),
  ];
}

/** Candles whose prices, volumes or both are multiplied. */
export function scaledCandles(candles: Candles, by: { price: number; volume: number }): Candles {
  const scaled = (names: readonly (keyof Candles)[], factor: number) =>
    names.map((name) => [name, (candles[name] as Float64Array).map((value) => value * factor)]);
  return {
    ...candles,
    ...Object.fromEntries([
      ...scaled(PRICES, by.price),
      ...scaled(VOLUMES, by.volume),
      ...scaled(QUOTES, by.price * by.volume),
    ]),
  };
}

/**
 * Units: when prices or volumes are multiplied by a power of 2, stored columns are multiplied as their unit says, to
 * 1e-9. A logarithm of a price moves by the same constant at all rows. A column without a unit is an offence.
 */
export function unitOffences(
  rows: readonly FeatureRow[],
  units: ReadonlyMap<string, Unit>,
  candles: Candles,
  interval: Interval,
  by: { price: number; volume: number },
): Offence[] {
  const before = featuresOf(rows, candles, interval);
  const after = featuresOf(rows, scaledCandles(candles, by), interval);
  const stored = rows.flatMap((row) => row.columns.map(({ name }) => name));
  return stored.flatMap((name) => {
    const unit = units.get(name);
    if (!unit) return [{ name, row: -1 }];
    const factor = by.price ** POWERS[unit].price * by.volume ** POWERS[unit].volume;
    const [from, to] = [before[name]!, after[name]!];
    const first = from.findIndex((value) => !Number.isNaN(value));
    const shift = unit === 'ln price' && first >= 0 ? to[first]! - from[first]! : 0;
    const largest = Math.max(0, ...from.filter((value) => !Number.isNaN(value)).map(Math.abs)) * factor;
    const row = from.findIndex((value, i) => {
      const expected = value * factor + shift;
      if (Number.isNaN(expected) || Number.isNaN(to[i]!)) return Number.isNaN(expected) !== Number.isNaN(to[i]!);
      return Math.abs(to[i]! - expected) > 1e-9 * Math.abs(expected) + 1e-13 * largest;
    });
    return row < 0 ? [] : [{ name, row }];
  });
}
