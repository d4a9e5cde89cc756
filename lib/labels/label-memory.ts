import type { Interval } from '../domain/interval.ts';
import { labelLookback } from './label-horizon.ts';
import type { LabelWindow } from './label-window.ts';

/** Columns that labels read of the candles before them. */
export const MEMORY_COLUMNS = ['high', 'low', 'close', 'sigma'] as const;

/** The last candles before a row, as many as its labels look back at; fewer at the beginning of a series. */
export type LabelMemory = Readonly<Record<(typeof MEMORY_COLUMNS)[number], Float64Array>>;

/** Returns the memory before the first candle of a series. */
export function emptyLabelMemory(): LabelMemory {
  return {
    high: new Float64Array(),
    low: new Float64Array(),
    close: new Float64Array(),
    sigma: new Float64Array(),
  };
}

/** Copies the candles that the labels from row `end` of the window on look back at. */
export function rememberCandles(interval: Interval, window: LabelMemory, end: number): LabelMemory {
  const begin = Math.max(0, end - labelLookback(interval));
  return {
    high: window.high.slice(begin, end),
    low: window.low.slice(begin, end),
    close: window.close.slice(begin, end),
    sigma: window.sigma.slice(begin, end),
  };
}

/**
 * The window over remembered candles, the rows to label and those after them; times of the remembered ones are not
 * read.
 */
export function joinLabelWindow(before: LabelMemory, rows: LabelWindow, after: LabelWindow): LabelWindow {
  const unread = new Float64Array(before.close.length);
  return {
    openTimeMs: concat(unread, rows.openTimeMs, after.openTimeMs),
    knownAtMs: concat(unread, rows.knownAtMs, after.knownAtMs),
    high: concat(before.high, rows.high, after.high),
    low: concat(before.low, rows.low, after.low),
    close: concat(before.close, rows.close, after.close),
    sigma: concat(before.sigma, rows.sigma, after.sigma),
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
