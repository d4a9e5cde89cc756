import { CANDLE_COLUMNS, CANDLE_TABLE_COLUMNS, type Candles } from '../../lib/domain/candles.ts';
import { candlesInDays, type Interval } from '../../lib/domain/interval.ts';
import { FORMULA_TERMS } from '../../lib/features/formula-words.ts';
import { type Formula, parseFormula } from './formula.ts';

type Values = readonly number[];

const { NaN: UNDEFINED } = Number;
const { abs, floor, log, max, min, sign, sqrt } = Math;

/**
 * Computes formulas over candles, word by word and as plainly as their definitions read; shares no code with the
 * kernels.
 */
export function formulaEvaluator(candles: Candles, interval: Interval, formulas: ReadonlyMap<string, string>) {
  const { length } = candles;
  const rows = Array.from({ length }, (_, i) => i);
  const known = new Map<string, Values>();
  for (const name of CANDLE_COLUMNS) known.set(CANDLE_TABLE_COLUMNS[name], [...candles[name]]);
  const hours = [...candles.openTimeMs].map((timeMs) => floor(timeMs / 3_600_000));
  known.set(
    'pi',
    rows.map(() => Math.PI),
  );
  known.set(
    'first',
    rows.map((i) => Number(i === 0)),
  );
  known.set(
    'hour',
    hours.map((hour) => hour % 24),
  );
  // 1970-01-01 was a Thursday.
  known.set(
    'weekday',
    hours.map((hour) => (floor(hour / 24) + 3) % 7),
  );
  const days = hours.map((hour) => floor(hour / 24));

  function valuesOf(name: string): Values {
    const found = known.get(name);
    if (found) return found;
    const text = formulas.get(name) ?? (FORMULA_TERMS[name]?.isFormula && FORMULA_TERMS[name].definition);
    if (!text) throw new Error(`formula word ${name} is not defined`);
    const values = evaluate(parseFormula(text)).map(finite);
    known.set(name, values);
    return values;
  }

  function evaluate(formula: Formula): Values {
    if (formula.kind === 'number') return rows.map(() => formula.value);
    if (formula.kind === 'name') return valuesOf(formula.name);
    const args = formula.args.map(evaluate);
    const row = BY_ROW[formula.name];
    if (row) return rows.map((i) => row(args.map((arg) => (formula.name === 'or0' ? arg[i]! : finite(arg[i]!)))));
    const [x = [], ...parameters] = args.map((arg) => arg.map(finite));
    const [n = 0, m = 0] = parameters.map((arg) => arg[0]!);
    if (formula.name === 'days') return rows.map(() => candlesInDays(interval, x[0]!)!);
    if (formula.name === 'day_sum')
      return rows.map((i) => total(rows.filter((j) => j <= i && days[j] === days[i]).map((j) => x[j]!)));
    const window = BY_WINDOW[formula.name];
    if (window) return rows.map((i) => (i < n - 1 ? UNDEFINED : window(x.slice(i - n + 1, i + 1), m)));
    const series = BY_SERIES[formula.name];
    if (series)
      return series(x, n, m, {
        high: valuesOf('high'),
        low: valuesOf('low'),
        close: valuesOf('close'),
        median: valuesOf('median'),
      });
    throw new Error(`formula function ${formula.name} is not defined`);
  }
  return { valuesOf };
}

/** Keeps a division by zero apart from an undefined value, until a function other than `or0` reads it. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : UNDEFINED;
}

const truth = (is: boolean, ...of: number[]) => (of.some(Number.isNaN) ? UNDEFINED : Number(is));

const BY_ROW: Readonly<Record<string, (x: number[]) => number>> = {
  '+': ([a, b]) => a! + b!,
  '-': ([a, b]) => a! - b!,
  '*': ([a, b]) => a! * b!,
  '/': ([a, b]) => (b === 0 && !Number.isNaN(a!) ? Number.POSITIVE_INFINITY : a! / b!),
  '^': ([a, b]) => a! ** b!,
  '<': ([a, b]) => truth(a! < b!, a!, b!),
  '<=': ([a, b]) => truth(a! <= b!, a!, b!),
  '>': ([a, b]) => truth(a! > b!, a!, b!),
  '>=': ([a, b]) => truth(a! >= b!, a!, b!),
  '==': ([a, b]) => truth(a! === b!, a!, b!),
  '!=': ([a, b]) => truth(a! !== b!, a!, b!),
  and: ([a, b]) => truth(a === 1 && b === 1, a!, b!),
  or: ([a, b]) => truth(a === 1 || b === 1, a!, b!),
  if: ([c, a, b]) => (Number.isNaN(c!) ? UNDEFINED : c === 1 ? a! : b!),
  greater: ([a, b]) => max(a!, b!),
  lesser: ([a, b]) => min(a!, b!),
  or0: ([x]) => (x === Number.POSITIVE_INFINITY ? 0 : x!),
  abs: ([x]) => abs(x!),
  sign: ([x]) => sign(x!),
  sqrt: ([x]) => sqrt(x!),
  ln: ([x]) => (x! > 0 ? log(x!) : UNDEFINED),
  sin: ([x]) => Math.sin(x!),
  cos: ([x]) => Math.cos(x!),
  floor: ([x]) => floor(x!),
  round: ([x, d]) => halfToEven(x! * 10 ** d!) / 10 ** d!,
};

function halfToEven(x: number): number {
  const below = floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

const total = (w: Values) => w.reduce((sum, x) => sum + x, 0);
/** Taken from the last value, so that equal values have exactly that mean. */
const mean = (w: Values) => w.at(-1)! + total(w.map((x) => x - w.at(-1)!)) / w.length;
const moment = (w: Values, power: number) => total(w.map((x) => (x - mean(w)) ** power));
const isWhole = (w: Values) => !w.some(Number.isNaN);
const defined = (w: Values, share: number) => {
  const left = w.filter((x) => !Number.isNaN(x));
  return left.length >= share * w.length ? left : [UNDEFINED];
};
const deviation = (w: Values) => (w.length > 1 || !isWhole(w) ? sqrt(moment(w, 2) / (w.length - 1)) : UNDEFINED);

/** Functions of the last n values; the second argument is the one after n. */
const BY_WINDOW: Readonly<Record<string, (w: number[], m: number) => number>> = {
  sum: total,
  mean,
  max: (w) => (isWhole(w) ? max(...w) : UNDEFINED),
  min: (w) => (isWhole(w) ? min(...w) : UNDEFINED),
  all: (w) => (isWhole(w) ? Number(w.every((x) => x === 1)) : UNDEFINED),
  age_of_max: (w) => w.length - 1 - w.lastIndexOf(max(...w)),
  age_of_min: (w) => w.length - 1 - w.lastIndexOf(min(...w)),
  std: (w) => deviation(w),
  population_std: (w) => sqrt(moment(w, 2) / w.length),
  mean_deviation: (w) => mean(w.map((x) => abs(x - mean(w)))),
  mean_of_defined: (w, share) => mean(defined(w, share)),
  std_of_defined: (w, share) => deviation(defined(w, share)),
  skewness: (w) => (w.length * sqrt(w.length - 1) * moment(w, 3)) / ((w.length - 2) * moment(w, 2) ** 1.5),
  kurtosis: (w) => {
    const n = w.length;
    const raw = (n * (n + 1) * (n - 1) * moment(w, 4)) / ((n - 2) * (n - 3) * moment(w, 2) ** 2);
    return raw - (3 * (n - 1) ** 2) / ((n - 2) * (n - 3));
  },
  autocorrelation: (w) => total(w.slice(1).map((x, i) => (x - mean(w)) * (w[i]! - mean(w)))) / moment(w, 2),
  slope: (w) =>
    lineSlope(
      w.map((_, i) => i),
      w,
    ),
  rank: (w) => (isWhole(w) ? twiceRank(w) / 2 : UNDEFINED),
  third: (w) => {
    const place = (twiceRank(w) - 1) / (2 * w.length);
    return isWhole(w) ? (place < 1 / 3 ? 0 : place < 2 / 3 ? 1 : 2) : UNDEFINED;
  },
  wma: (w) => total(w.map((x, i) => x * (i + 1))) / total(w.map((_, i) => i + 1)),
  hurst: (w) => {
    const lags = [1, 2, 4, 8, 16, 32];
    const squares = lags.map((lag) => mean(w.slice(lag).map((x, i) => (x - w[i]!) ** 2)));
    return lineSlope(lags.map(log), squares.map(log)) / 2;
  },
};

function twiceRank(w: Values): number {
  const x = w.at(-1)!;
  return 2 * w.filter((y) => y < x).length + w.filter((y) => y === x).length + 1;
}

function lineSlope(x: Values, y: Values): number {
  return total(x.map((one, i) => (one - mean(x)) * (y[i]! - mean(y)))) / moment(x, 2);
}

/**
 * An average that moves towards each value; undefined values are passed over. The first is the mean of n, m values in.
 */
function smoothed(x: Values, n: number, factor: number, from = n): number[] {
  const seed: number[] = [];
  let average = UNDEFINED;
  return x.map((value) => {
    if (Number.isNaN(value)) return UNDEFINED;
    if (seed.length < from) {
      seed.push(value);
      if (seed.length < from) return UNDEFINED;
      average = mean(seed.slice(-n));
    } else average += (value - average) * factor;
    return average;
  });
}

interface Prices {
  readonly high: Values;
  readonly low: Values;
  readonly close: Values;
  readonly median: Values;
}

/** Functions of all values so far. */
const BY_SERIES: Readonly<Record<string, (x: Values, n: number, m: number, prices: Prices) => Values>> = {
  lag: (x, n) => x.map((_, i) => x[i - n] ?? UNDEFINED),
  before: (x, n) => x.map((_, i) => (i < n ? UNDEFINED : mean(x.slice(i - n, i)))),
  roc: (x, n) => x.map((value, i) => (x[i - n] === 0 ? 0 : 100 * (value / (x[i - n] ?? UNDEFINED) - 1))),
  total: (x) => x.map((_, i) => total(x.slice(0, i + 1))),
  ema: (x, n) => smoothed(x, n, 2 / (n + 1)),
  ema_from: (x, n, m) => smoothed(x, n, 2 / (n + 1), m),
  ewm: (x, n) => smoothed(x, 1, 2 / (n + 1)),
  wilder: (x, n) => smoothed(x, n, 1 / n),
  wilder_sum: (x, n) => {
    const begin: number[] = [];
    let sum = 0;
    return x.map((value) => {
      if (Number.isNaN(value)) return UNDEFINED;
      if (begin.length < n - 1) {
        begin.push(value);
        sum += value;
        return UNDEFINED;
      }
      sum += value - sum / n;
      return sum;
    });
  },
  kama: (x, n) => {
    let k = UNDEFINED;
    return x.map((value, i) => {
      if (i < n) return UNDEFINED;
      const path = total(Array.from({ length: n }, (_, j) => abs(x[i - j]! - x[i - j - 1]!)));
      const q = path === 0 ? 1 : abs(value - x[i - n]!) / path;
      if (Number.isNaN(k)) k = x[i - 1]!;
      k += (value - k) * (q * (2 / 3 - 2 / 31) + 2 / 31) ** 2;
      return k;
    });
  },
  fisher: (x, n) => {
    let [v, f] = [0, 0];
    return x.map((value, i) => {
      if (i < n - 1) return UNDEFINED;
      const w = x.slice(i - n + 1, i + 1);
      const span = max(...w) - min(...w);
      v = 0.66 * (span === 0 ? 0 : (value - min(...w)) / span - 0.5) + 0.67 * v;
      if (abs(v) > 0.99) v = 0.999 * sign(v);
      f = 0.5 * log((1 + v) / (1 - v)) + 0.5 * f;
      return f;
    });
  },
  fractional_difference: (x, d) => {
    const w = [1];
    for (let k = 1; ; k++) {
      const next = (-w[k - 1]! * (d - k + 1)) / k;
      if (abs(next) < 0.0001) break;
      w.push(next);
    }
    return x.map((_, i) => (i < w.length - 1 ? UNDEFINED : total(w.map((weight, k) => weight * x[i - k]!))));
  },
  parabolic_sar: (step, limit, _, { high, low }) => parabolicSar(step[0]!, limit, high, low),
  supertrend_side: (r, k, _, prices) => supertrend(r, k, prices).map(({ side }) => side),
  supertrend_stop: (r, k, _, prices) => supertrend(r, k, prices).map(({ stop }) => stop),
};

/** Wilder's stop, as he described it: the stop of tomorrow from today's, held by the extremes of the two last days. */
function parabolicSar(step: number, limit: number, high: Values, low: Values): number[] {
  let up = true;
  let [stop, extreme, speed] = [0, 0, step];
  return high.map((_, i) => {
    if (i === 0) return UNDEFINED;
    if (i === 1) {
      const [rise, fall] = [high[1]! - high[0]!, low[0]! - low[1]!];
      up = !(fall > 0 && fall > rise);
      [stop, extreme] = up ? [low[0]!, high[1]!] : [high[0]!, low[1]!];
    } else {
      const moved = stop + speed * (extreme - stop);
      const held = i === 2 ? [1, 1] : [i - 2, i - 1];
      stop = up ? min(moved, ...held.map((j) => low[j]!)) : max(moved, ...held.map((j) => high[j]!));
    }
    const touched = up ? low[i]! <= stop : high[i]! >= stop;
    if (touched) {
      const held = i === 1 ? [1] : [i - 1, i];
      stop = up ? max(extreme, ...held.map((j) => high[j]!)) : min(extreme, ...held.map((j) => low[j]!));
      up = !up;
      [extreme, speed] = [up ? high[i]! : low[i]!, step];
    } else if (up ? high[i]! > extreme : low[i]! < extreme) {
      extreme = up ? high[i]! : low[i]!;
      speed = min(limit, speed + step);
    }
    return stop;
  });
}

function supertrend(r: Values, k: number, { median, close }: Prices): { side: number; stop: number }[] {
  let [side, lower, upper] = [0, UNDEFINED, UNDEFINED];
  return r.map((range, i) => {
    if (Number.isNaN(range)) return { side: UNDEFINED, stop: UNDEFINED };
    const [low, high] = [median[i]! - k * range, median[i]! + k * range];
    lower = side !== 0 && close[i - 1]! >= lower ? max(low, lower) : low;
    upper = side !== 0 && close[i - 1]! <= upper ? min(high, upper) : high;
    if (side === 0) side = -1;
    else if (side > 0 && close[i]! < lower) side = -1;
    else if (side < 0 && close[i]! > upper) side = 1;
    return { side, stop: side > 0 ? lower : upper };
  });
}
