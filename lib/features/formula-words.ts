/**
 * The words of the formulas. A formula gives the value at the candle of its row. It may name columns of `candles`,
 * columns of `features`, these terms and these functions. A division by zero is undefined, and so is what is computed
 * from an undefined value, unless the function says otherwise.
 */
export interface FormulaWord {
  /** The word as it is used, such as `lag(x, n)`. */
  readonly use: string;
  /** A formula, or a definition in words. */
  readonly definition: string;
  /** True if the definition is a formula. */
  readonly isFormula?: true;
}

/** Terms: names of values of a candle. */
export const FORMULA_TERMS: Readonly<Record<string, FormulaWord>> = {
  ...term('change', 'close - lag(close, 1)'),
  ...term('gain', 'greater(change, 0)'),
  ...term('loss', 'greater(-change, 0)'),
  ...term('range', 'high - low'),
  ...term('top', 'greater(open, close)'),
  ...term('bottom', 'lesser(open, close)'),
  ...term('body', 'top - bottom'),
  ...term('upper', 'high - top'),
  ...term('lower', 'bottom - low'),
  ...term('side', 'if(close >= open, 1, -1)'),
  ...term('median', '(high + low) / 2'),
  ...term('typical', '(high + low + close) / 3'),
  ...term('pressure', 'close - lesser(low, lag(close, 1))'),
  ...term('plus_move', 'if(high - lag(high, 1) > lag(low, 1) - low, greater(high - lag(high, 1), 0), 0)'),
  ...term('minus_move', 'if(lag(low, 1) - low > high - lag(high, 1), greater(lag(low, 1) - low, 0), 0)'),
  ...term('rising_flow', 'if(typical > lag(typical, 1), typical * volume, 0)'),
  ...term('falling_flow', 'if(typical < lag(typical, 1), typical * volume, 0)'),
  ...term('flow_volume', 'or0((2 * close - high - low) / range) * volume'),
  ...word('first', 'true at the first candle of the series'),
  ...word('hour', 'hour of the open time, 0 to 23, UTC'),
  ...word('weekday', 'weekday of the open time, Monday 0 to Sunday 6, UTC'),
  ...word('pi', '3.14159…'),
};

/** Functions of a candle and of those before it. A window of n candles ends with the candle itself. */
export const FORMULA_FUNCTIONS: Readonly<Record<string, FormulaWord>> = {
  ...word('lag(x, n)', 'x at the candle n candles before'),
  ...word('days(n)', 'the number of candles in n days'),
  ...word('if(c, a, b)', 'a if c is true, otherwise b; undefined if c compares an undefined value'),
  ...word('all(c, n)', 'true if c is true at each of the last n candles'),
  ...word('greater(a, b)', 'the greater of two values'),
  ...word('lesser(a, b)', 'the lesser of two values'),
  ...word('or0(x)', 'x, or 0 if its divisor is 0'),
  ...word('abs(x)', 'x without its sign'),
  ...word('sign(x)', '1, 0 or -1'),
  ...word('sqrt(x)', 'square root'),
  ...word('ln(x)', 'natural logarithm'),
  ...word('sin(x)', 'sine'),
  ...word('cos(x)', 'cosine'),
  ...word('floor(x)', 'the greatest whole number up to x'),
  ...word('round(x, d)', 'x rounded to d decimals, a half to the even neighbour'),
  ...word('roc(x, n)', 'or0(100 * (x / lag(x, n) - 1))'),
  ...word('sum(x, n)', 'sum of the last n values'),
  ...word('mean(x, n)', 'mean of the last n values'),
  ...word('max(x, n)', 'greatest of the last n values'),
  ...word('min(x, n)', 'least of the last n values'),
  ...word('age_of_max(x, n)', 'candles since the latest greatest value of the last n'),
  ...word('age_of_min(x, n)', 'candles since the latest least value of the last n'),
  ...word('before(x, n)', 'mean of the n values before this candle'),
  ...word('std(x, n)', 'sample standard deviation of the last n values: divisor n - 1'),
  ...word('population_std(x, n)', 'standard deviation of the last n values: divisor n'),
  ...word('mean_deviation(x, n)', 'mean distance of the last n values from their mean'),
  ...word(
    'mean_of_defined(x, n, s)',
    'mean of the defined ones of the last n values, of which the share s must be defined',
  ),
  ...word('std_of_defined(x, n, s)', 'sample standard deviation of the same values'),
  ...word('skewness(x, n)', 'sample skewness G1 of the last n values'),
  ...word('kurtosis(x, n)', 'sample excess kurtosis G2 of the last n values'),
  ...word(
    'autocorrelation(x, n)',
    'sum of products of neighbouring deviations from the mean / sum of squared deviations',
  ),
  ...word('slope(x, n)', 'slope per candle of the line of least squares through the last n values'),
  ...word('rank(x, n)', 'rank of x among the last n values from 1; equal values share the mean of their ranks'),
  ...word('third(x, n)', '0, 1 or 2: the third of the last n values in which x is, by its mid-rank'),
  ...word('total(x)', 'sum since the series began'),
  ...word('day_sum(x)', 'sum since 00:00 UTC'),
  ...word('wma(x, n)', 'mean of the last n values weighted 1 to n'),
  ...word('ema(x, n)', 'e + (x - e) * 2 / (n + 1), e the value before; the first is the mean of the first n values'),
  ...word('ema_from(x, n, m)', 'as ema(x, n), but the first is the mean of the n values up to the m-th'),
  ...word('ewm(x, n)', 'as ema(x, n), but the first is the first value'),
  ...word('wilder(x, n)', 'e + (x - e) / n, e the value before; the first is the mean of the first n values'),
  ...word('wilder_sum(x, n)', 's - s / n + x, s the value before; it begins with the sum of the first n - 1 values'),
  ...word(
    'kama(x, n)',
    'k + (x - k) * (q * (2 / 3 - 2 / 31) + 2 / 31) ^ 2, k the value before, q = |x - lag(x, n)| / sum of |x - lag(x, 1)| over n; it begins with the x before',
  ),
  ...word(
    'parabolic_sar(s, m)',
    "Wilder's stop p: it moves by f * (extreme - p), f grows by s up to m with each new extreme, and the side turns when the price touches p",
  ),
  ...word(
    'supertrend_side(r, k)',
    '1 or -1: turns to -1 if close < lower band, to 1 if close > upper band; lower band: median - k * r, never falling unless the close before was below it; upper band: median + k * r, never rising unless the close before was above it',
  ),
  ...word('supertrend_stop(r, k)', 'the lower band of supertrend_side while it is 1, the upper band while it is -1'),
  ...word(
    'fisher(x, n)',
    '0.5 * ln((1 + v) / (1 - v)) + 0.5 * f, f the value before, v = 0.66 * ((x - min) / (max - min) - 0.5) + 0.67 * the v before, over n values; a v beyond 0.99 is 0.999',
  ),
  ...word(
    'fractional_difference(x, d)',
    'sum of w[k] * lag(x, k) with w[0] = 1 and w[k] = -w[k - 1] * (d - k + 1) / k, as long as |w[k]| >= 0.0001',
  ),
  ...word(
    'hurst(x, n)',
    'half of the slope, by least squares, of ln(mean of (x - lag(x, l)) ^ 2 inside n values) on ln(l), for l = 1, 2, 4, 8, 16, 32',
  ),
};

/** Words that a formula uses, and those that their definitions use, in the order of the tables. */
export function wordsOf(formula: string): FormulaWord[] {
  const used = new Set<string>();
  const visit = (text: string) => {
    for (const [name] of text.matchAll(/[a-z_][a-z0-9_]*/g)) {
      const found = FORMULA_TERMS[name] ?? (text.includes(`${name}(`) ? FORMULA_FUNCTIONS[name] : undefined);
      if (!found || used.has(name)) continue;
      used.add(name);
      if (found.isFormula) visit(found.definition);
    }
  };
  visit(formula);
  return Object.entries({ ...FORMULA_TERMS, ...FORMULA_FUNCTIONS }).flatMap(([name, one]) =>
    used.has(name) ? [one] : [],
  );
}

function word(use: string, definition: string): Record<string, FormulaWord> {
  return { [use.replace(/\(.*/, '')]: { use, definition } };
}

function term(use: string, definition: string): Record<string, FormulaWord> {
  return { [use]: { use, definition, isFormula: true } };
}
