import type { Interval } from '../../lib/domain/interval.ts';
import { computeLabels } from '../../lib/labels/compute-labels.ts';
import type { LabelWindow } from '../../lib/labels/label.ts';
import { LABEL_COLUMNS, type LabelColumn } from '../../lib/labels/schema.ts';
import { sampleCandles } from '../support/candles.ts';

export type Row = Record<LabelColumn, number>;

/** A kernel's value for null in a table. */
export const { NaN: UNDEFINED } = Number;

/** All labels of the candles `[begin, end)` of a window, row by row. */
export function rowsOf(interval: Interval, window: LabelWindow, begin = 0, end = window.close.length): Row[] {
  const { length, columns } = computeLabels(interval, window, begin, end);
  return Array.from(
    { length },
    (_, i) => Object.fromEntries(LABEL_COLUMNS.map((name) => [name, columns[name][i]])) as Row,
  );
}

/** A window whose σ makes all outcomes happen; one row in ten has none, one in twenty is zero. */
export function sampleWindow(interval: Interval, length: number, seed: number, spread = 0.01): LabelWindow {
  const candles = sampleCandles(interval, length, 'ordinary', seed);
  const sigma = candles.close.map((_, i) => {
    const draw = ((i + seed) * 2654435761) % 20;
    return draw < 2 ? Number.NaN : draw < 3 ? 0 : (spread * draw) / 20;
  });
  const knownAtMs = candles.closeTimeMs.map((time) => time + 1);
  return {
    openTimeMs: candles.openTimeMs,
    knownAtMs,
    high: candles.high,
    low: candles.low,
    close: candles.close,
    sigma,
  };
}
