import type { Kernel } from '../../kernel.ts';

/**
 * A body that covers the opposite body before it and more, on one side at least: 1 for a rise, −1 for a fall. TA-Lib
 * CDLENGULFING, which begins at the third candle. Inputs: open, close.
 */
export function engulfing(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 2,
    run(_state, [open, close], [out], begin, end, index) {
      for (let i = begin; i < end; i++) {
        const first = open[i];
        const last = close[i];
        const firstBefore = open[i - 1];
        const lastBefore = close[i - 1];
        const rose = last >= first;
        const opposite = rose !== lastBefore >= firstBefore;
        const covers = rose
          ? (last >= firstBefore && first < lastBefore) || (last > firstBefore && first <= lastBefore)
          : (first >= lastBefore && last < firstBefore) || (first > lastBefore && last <= firstBefore);
        out[i] = i - begin + index < 2 ? Number.NaN : !(opposite && covers) ? 0 : rose ? 1 : -1;
      }
    },
  };
}
