import { type Kernel, stateless } from '../kernel.ts';
import { SortedWindow } from '../windows/sorted-window.ts';

/**
 * Rank of a value among the last `length`, itself included, ÷ `length`, above 0 to 1; equal values share the mean of
 * their ranks. As pandas `rolling(n).rank(pct=True)`.
 */
export function percentRank({ length }: { length: number }): Kernel {
  const window = new SortedWindow(length);
  const kernel = stateless(([x], [out], begin, end, index) => {
    const first = Math.min(end, begin + Math.max(0, length - 1 - index));
    out.fill(Number.NaN, begin, first);
    if (first === end) return;
    window.begin(x, first - length + 1, first);
    for (let i = first; i < end; i++) out[i] = window.twiceMeanRank(x[i]) / (2 * length);
  }, length - 1);
  return { ...kernel, twin: { name: 'percentRank', parameters: [length] } };
}
