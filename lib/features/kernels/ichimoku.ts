import type { Kernel } from '../kernel.ts';
import { windowHighest, windowLowest } from '../windows/window-extremes.ts';

/**
 * Ichimoku lines (Hosoda 1969) as known at the candle, none of them displaced: the middles between the highest high and
 * the lowest low of `conversion`, `base` and `span` candles, and (span A) the mean of the first two. Inputs: high, low.
 * Outputs: conversion line, base line, span A, span B, the lowest low of `span` candles.
 */
export function ichimoku({ conversion, base, span }: { conversion: number; base: number; span: number }): Kernel {
  const ends = new Float64Array(Math.max(conversion, base, span) + 1);
  return {
    stateLength: 0,
    history: Math.max(conversion, base, span) - 1,
    warmUp: [conversion - 1, base - 1, Math.max(conversion, base) - 1, span - 1, span - 1],
    run(_state, [high, low], [tenkan, kijun, spanA, spanB, lowest], begin, end, index) {
      middle(conversion, tenkan);
      middle(base, kijun);
      middle(span, spanB);
      for (let i = begin; i < end; i++) spanA[i] = (tenkan[i] + kijun[i]) / 2;

      function middle(length: number, out: Float64Array): void {
        windowHighest(high, length, out, begin, end, index, ends);
        windowLowest(low, length, lowest, begin, end, index, ends);
        for (let i = begin; i < end; i++) out[i] = (out[i] + lowest[i]) / 2;
      }
    },
  };
}
