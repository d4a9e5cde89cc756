import { candlesInDays } from '../../domain/interval.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import { type Kernel, type KernelContext, undefinedColumn } from '../kernel.ts';

/**
 * Volume-weighted average price since 00:00 UTC, this candle included. Undefined while the day has no volume, and at
 * intervals longer than a day. Sums begin again every day, so nothing drifts. Inputs: open time, price, volume.
 */
export function vwapDay(_parameters: object, { interval }: KernelContext): Kernel {
  if (candlesInDays(interval, 1) === undefined) return undefinedColumn();
  return {
    stateLength: 3,
    run(state, [openTimeMs, price, volume], [out], begin, end) {
      let day = state[0];
      let flow = state[1];
      let traded = state[2];
      for (let i = begin; i < end; i++) {
        const today = Math.floor(openTimeMs[i] / DAY_MS);
        if (today !== day) {
          day = today;
          flow = 0;
          traded = 0;
        }
        flow += price[i] * volume[i];
        traded += volume[i];
        out[i] = traded === 0 ? Number.NaN : flow / traded;
      }
      state[0] = day;
      state[1] = flow;
      state[2] = traded;
    },
  };
}
