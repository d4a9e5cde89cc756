import { type Kernel, stateless } from '../kernel.ts';

const { abs } = Math;

/**
 * Commodity channel index (Lambert 1980): distance of the typical price from its mean, in units of 0.015 mean absolute
 * deviations. TA-Lib CCI, which gives 0 if nothing moves. Deviations are taken from the latest value, so that a flat
 * window is exactly flat. Each sum is four that do not wait for each other.
 */
export function cci({ length }: { length: number }): Kernel {
  const kernel = stateless(([price], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const latest = price[i];
      let j = i - length + 1;
      let sum = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (; j + 4 <= i; j += 4) {
        sum += price[j] - latest;
        sum1 += price[j + 1] - latest;
        sum2 += price[j + 2] - latest;
        sum3 += price[j + 3] - latest;
      }
      for (; j < i; j++) sum += price[j] - latest;
      const mean = (sum + sum1 + (sum2 + sum3)) / length;
      const centre = latest + mean;
      let deviation = abs(mean);
      sum1 = 0;
      sum2 = 0;
      sum3 = 0;
      for (j = i - length + 1; j + 4 <= i; j += 4) {
        deviation += abs(price[j] - centre);
        sum1 += abs(price[j + 1] - centre);
        sum2 += abs(price[j + 2] - centre);
        sum3 += abs(price[j + 3] - centre);
      }
      for (; j < i; j++) deviation += abs(price[j] - centre);
      deviation += sum1 + (sum2 + sum3);
      out[i] = deviation === 0 ? 0 : -mean / ((0.015 * deviation) / length);
    }
  }, length - 1);
  return { ...kernel, twin: { name: 'cci', parameters: [length] } };
}
