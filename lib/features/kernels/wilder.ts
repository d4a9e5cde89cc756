import type { Kernel } from '../kernel.ts';
import { smoothing } from './ema.ts';

/**
 * Wilder's average (1978), factor 1 ÷ length, seeded with the mean of the first `length` defined values. Over the true
 * range it is TA-Lib ATR.
 */
export function wilder({ length }: { length: number }): Kernel {
  return smoothing(length, 1 / length);
}
