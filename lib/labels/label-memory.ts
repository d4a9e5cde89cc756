import type { Interval } from '../domain/interval.ts';
import type { LabelWindow } from './label.ts';
import { labelLookback } from './label-horizon.ts';

/** Columns that labels read of the candles before them. */
export const MEMORY_COLUMNS = ['high', 'low', 'close', 'sigma'] as const;

/** The last candles before a row, as many as its labels look back at; fewer at the beginning of a series. */
export type LabelMemory = Readonly<Record<(typeof MEMORY_COLUMNS)[number], Float64Array>>;

/** Returns the memory before the first candle of a series. */
export function emptyLabelMemory(): LabelMemory {
  return memoryOf(() => new Float64Array());
}

/** Copies the candles that the labels from row `end` of the window on look back at. */
export function rememberCandles(interval: Interval, window: LabelMemory, end: number): LabelMemory {
  const begin = Math.max(0, end - labelLookback(interval));
  return memoryOf((name) => window[name].slice(begin, end));
}

function memoryOf(values: (name: keyof LabelMemory) => Float64Array): LabelMemory {
  return { high: values('high'), low: values('low'), close: values('close'), sigma: values('sigma') };
}

/** Joins remembered candles, the rows to label and those after them. Times of the remembered ones are not read. */
export function joinLabelWindow(before: LabelMemory, rows: LabelWindow, after: LabelWindow): LabelWindow {
  const unread = new Float64Array(before.close.length);
  return {
    openTimeMs: concat(unread, rows.openTimeMs, after.openTimeMs),
    knownAtMs: concat(unread, rows.knownAtMs, after.knownAtMs),
    ...memoryOf((name) => concat(before[name], rows[name], after[name])),
  };
}

function concat(...parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
