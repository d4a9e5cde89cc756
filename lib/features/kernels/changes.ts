import { type Kernel, stateless, twinned } from '../kernel.ts';
import { logRatio } from './log-ratio.ts';

/** The value `lag` rows ago. */
export function lagged({ lag }: { lag: number }): Kernel {
  const kernel = stateless(([x], [out], begin, end) => {
    for (let i = begin; i < end; i++) out[i] = x[i - lag];
  }, lag);
  return { ...kernel, twin: { name: 'lagged', parameters: [lag] } };
}

/** Change over `length` rows, in the unit of x. TA-Lib MOM. */
export function momentum({ length }: { length: number }): Kernel {
  const kernel = stateless(([x], [out], begin, end) => {
    for (let i = begin; i < end; i++) out[i] = x[i] - x[i - length];
  }, length);
  return { ...kernel, twin: { name: 'momentum', parameters: [length] } };
}

/** Change of x from the row before, and its size. */
export const move = twinned({ twin: 'move', history: 1 }, ([x], [change, size], begin, end) => {
  for (let i = begin; i < end; i++) {
    change[i] = x[i] - x[i - 1];
    size[i] = Math.abs(change[i]);
  }
});

/** Rate of change in percent over `length` rows. TA-Lib ROC, which gives 0 if the earlier value is zero. */
export function roc({ length }: { length: number }): Kernel {
  const kernel = stateless(([x], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const before = x[i - length];
      out[i] = before === 0 ? 0 : (x[i] / before - 1) * 100;
    }
  }, length);
  return { ...kernel, twin: { name: 'roc', parameters: [length] } };
}

/** First input ÷ second input `lag` rows ago − 1, a fraction. Undefined if the divisor is zero. */
export function relativeChange({ lag = 0 }: { lag?: number }): Kernel {
  const kernel = stateless(([x, base], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const before = base[i - lag];
      out[i] = before === 0 ? Number.NaN : x[i] / before - 1;
    }
  }, lag);
  return { ...kernel, twin: { name: 'relativeChange', parameters: [lag] } };
}

/**
 * Doubles of this size are whole numbers: to add it rounds, half to even, and the rest is left when it is taken away.
 */
const ROUNDING = 1.5 * 2 ** 52;

/** Change from the row before, in percent, rounded to 2 decimals, half to even as numpy rounds. */
export const percentChange = twinned({ twin: 'percentChange', history: 1 }, ([x], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const before = x[i - 1];
    const hundredths = (x[i] / before - 1) * 100 * 100;
    out[i] = before === 0 ? Number.NaN : (hundredths + ROUNDING - ROUNDING) / 100;
  }
});

/** Natural logarithm of x ÷ x `lag` rows ago. Undefined unless both are above zero. */
export function logChange({ lag }: { lag: number }): Kernel {
  const kernel = stateless(([x], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const before = x[i - lag];
      out[i] = before > 0 && x[i] > 0 ? logRatio(x[i], before) : Number.NaN;
    }
  }, lag);
  return { ...kernel, twin: { name: 'logChange', parameters: [lag] } };
}
