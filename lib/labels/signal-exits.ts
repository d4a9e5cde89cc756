import type { Interval } from '../domain/interval.ts';
import { type BarrierLevels, firstTouch, levelsOf } from './first-touch.ts';
import { signalBase, signalHorizon } from './label-horizon.ts';
import type { LabelWindow } from './label-window.ts';

const { min } = Math;

/** Exit of a row without barriers: σ is undefined there, or zero. */
export const NO_BARRIERS = -1;

/**
 * For each row of `[from, to)` the row whose candle ends its `signal`: the first to touch a barrier, else the last of
 * the horizon; the window's length where the window does not say; `NO_BARRIERS` where there is nothing to touch.
 */
export function signalExits(interval: Interval, window: LabelWindow, from: number, to: number): Int32Array {
  const { high, low, close, sigma } = window;
  const horizon = signalHorizon(interval);
  const base = signalBase(interval);
  const candles = close.length;
  const levels: BarrierLevels = levelsOf(high, low, from);
  const exits = new Int32Array(candles).fill(NO_BARRIERS);
  for (let t = from; t < to; t++) {
    const target = base * sigma[t];
    if (!(target > 0)) continue;
    const last = t + horizon;
    const stop = last < candles ? last + 1 : candles;
    const touch = firstTouch(levels, close[t] * (1 + target), close[t] * (1 - target), t + 1, stop);
    exits[t] = touch < stop ? touch : min(last, candles);
  }
  return exits;
}
