import fc from 'fast-check';
import { INTERVALS, type Interval } from '../../lib/domain/interval.ts';
import { computeLabels } from '../../lib/labels/compute-labels.ts';
import { labelHorizon, labelLookback, signalBase, signalHorizon } from '../../lib/labels/label-horizon.ts';
import type { LabelWindow } from '../../lib/labels/label-window.ts';
import { LABEL_COLUMNS, LABELS_SCHEMA, type LabelColumn } from '../../lib/labels/schema.ts';
import { sampleCandles } from '../features/sample-candles.ts';

type Row = Record<LabelColumn, number>;

function rowsOf(interval: Interval, window: LabelWindow, begin = 0, end = window.close.length): Row[] {
  const { length, columns } = computeLabels(interval, window, begin, end);
  return Array.from(
    { length },
    (_, i) => Object.fromEntries(LABEL_COLUMNS.map((name) => [name, columns[name][i]])) as Row,
  );
}

const { NaN: UNDEFINED } = Number;

/** The definition of `signal`, read aloud: walk on from the row until a barrier is touched or the horizon is reached. */
function signalByWalking(interval: Interval, { high, low, close, sigma }: LabelWindow, t: number) {
  const target = signalBase(interval) * sigma[t]!;
  const labelled = target > 0;
  for (let bars = 1; bars <= signalHorizon(interval) && t + bars < close.length; bars++) {
    const j = t + bars;
    const up = labelled && high[j]! >= close[t]! * (1 + target);
    const down = labelled && low[j]! <= close[t]! * (1 - target);
    if (!up && !down && bars < signalHorizon(interval)) continue;
    const [side, gain] = down ? [0, -target] : up ? [1, target] : [2, close[j]! / close[t]! - 1];
    return { labelled, exit: j, target, bars, side: side!, gain: gain!, ambiguous: up && down ? 1 : 0 };
  }
  return undefined;
}

/** The triple barrier on closes, with σ by the textbook. */
function tripleBarrierByWalking({ close }: LabelWindow, t: number) {
  const returns = Array.from({ length: 20 }, (_, k) => close[t - k]! / close[t - k - 1]! - 1);
  const mean = returns.reduce((sum, r) => sum + r, 0) / 20;
  const sigma = Math.sqrt(returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / 19);
  // A deviation of rounding errors is none.
  if (!(sigma > 1e-12)) return undefined;
  for (let bars = 1; bars <= 20; bars++) {
    const change = close[t + bars]! / close[t]! - 1;
    const side = change >= 2 * sigma ? 1 : change <= -2 * sigma ? -1 : 0;
    if (side !== 0 || bars === 20) return { side, change, exit: t + bars };
  }
  return undefined;
}

function labelsByWalking(interval: Interval, window: LabelWindow): Row[] {
  const { openTimeMs, knownAtMs, close } = window;
  const all = Array.from(close, (_, t) => signalByWalking(interval, window, t));
  /** Labels that cover a candle; those still open at the end of the window cover all that is left of it. */
  const covering = (c: number) => {
    let count = 0;
    for (let i = Math.max(0, c - signalHorizon(interval)); i <= c; i++) {
      if (window.sigma[i]! > 0 && (all[i]?.exit ?? Number.POSITIVE_INFINITY) >= c) count++;
    }
    return count;
  };
  const coverings = Array.from(close, (_, c) => covering(c));
  const rows: Row[] = [];
  for (let t = 0; t + 60 < close.length; t++) {
    const signal = all[t];
    if (!signal) continue;
    const { labelled, exit } = signal;
    const only = (value: number) => (labelled ? value : UNDEFINED);
    let unique = 0;
    for (let c = t; c <= exit; c++) unique += 1 / coverings[c]!;
    const barrier = t < 20 ? undefined : tripleBarrierByWalking(window, t);
    const ahead = (n: number) => close[t + n]! / close[t]! - 1;
    rows.push({
      open_time: openTimeMs[t]!,
      known_at: knownAtMs[Math.max(exit, t + 60)]!,
      signal: only(signal.side),
      signal_target: only(signal.target),
      signal_bars: only(signal.bars),
      signal_return: only(signal.gain),
      signal_t1: only(knownAtMs[exit]!),
      signal_ambiguous: only(signal.ambiguous),
      tb_2_20: barrier?.side ?? UNDEFINED,
      tb_2_20_return: barrier?.change ?? UNDEFINED,
      tb_2_20_t1: barrier ? knownAtMs[barrier.exit]! : UNDEFINED,
      fwd_return_1: ahead(1),
      fwd_return_5: ahead(5),
      fwd_return_15: ahead(15),
      fwd_return_60: ahead(60),
      trend_up_15: ahead(15) > 0 ? 1 : 0,
      uniqueness: only(unique / (exit - t + 1)),
    });
  }
  return rows;
}

/** A window whose σ makes all outcomes happen; one row in ten has none, one in twenty is zero. */
function sampleWindow(interval: Interval, length: number, seed: number, spread = 0.01): LabelWindow {
  const candles = sampleCandles(interval, length, 'ordinary', seed);
  const sigma = candles.close.map((_, i) => {
    const draw = ((i + seed) * 2654435761) % 20;
    return draw < 2 ? Number.NaN : draw < 3 ? 0 : (spread * draw) / 20;
  });
  const knownAtMs = candles.closeTimeMs.map((time) => time + 1);
  return {
    openTimeMs: candles.openTimeMs,
    knownAtMs,
    high: candles.high,
    low: candles.low,
    close: candles.close,
    sigma,
  };
}

/** Candles around a close of 100 with barriers at 90 and 110 (4h: base 3). */
function handMade(bars: readonly (readonly [high: number, low: number, close: number])[]): LabelWindow {
  const column = (values: number[]) => Float64Array.from(values);
  return {
    openTimeMs: column(bars.map((_, i) => i * 10)),
    knownAtMs: column(bars.map((_, i) => i * 10 + 10)),
    high: column(bars.map(([high]) => high)),
    low: column(bars.map(([, low]) => low)),
    close: column(bars.map(([, , close]) => close)),
    sigma: column(bars.map((_, i) => (i === 0 ? 0.1 / 3 : Number.NaN))),
  };
}
type Bar = readonly [high: number, low: number, close: number];
const QUIET: Bar = [101, 99, 100];
const quiet = (count: number): Bar[] => Array(count).fill(QUIET);
/** Labels of the first of the bars, with quiet ones after them until all its labels are decided. */
const first = (bars: readonly Bar[]) => rowsOf('4h', handMade([...bars, ...quiet(60)]), 0, 1);

describe('signal, by hand', () => {
  test('1 at the first high that reaches the upper barrier', () => {
    const rows = first([QUIET, QUIET, [110.00001, 99, 100], [120, 80, 100]]);
    expect(rows).toEqual([
      {
        open_time: 0,
        known_at: 610,
        signal: 1,
        signal_target: expect.closeTo(0.1, 12),
        signal_bars: 2,
        signal_return: expect.closeTo(0.1, 12),
        signal_t1: 30,
        signal_ambiguous: 0,
        tb_2_20: UNDEFINED,
        tb_2_20_return: UNDEFINED,
        tb_2_20_t1: UNDEFINED,
        fwd_return_1: 0,
        fwd_return_5: 0,
        fwd_return_15: 0,
        fwd_return_60: 0,
        trend_up_15: 0,
        uniqueness: 1,
      },
    ]);
  });

  test('0 at the first low that reaches the lower barrier', () => {
    expect(first([QUIET, [101, 89.9, 100], [111, 99, 100]])).toMatchObject([
      { signal: 0, signal_bars: 1, signal_return: expect.closeTo(-0.1, 12), signal_t1: 20, signal_ambiguous: 0 },
    ]);
  });

  test('both in one candle is 0 and ambiguous', () => {
    expect(first([QUIET, [111, 89, 110]])).toMatchObject([
      { signal: 0, signal_return: expect.closeTo(-0.1, 12), signal_ambiguous: 1 },
    ]);
  });

  test('2 at the horizon of 10 candles, with the return of the close there', () => {
    const bars: Bar[] = [...quiet(10), [105, 99, 104], [200, 1, 100]];
    expect(first(bars)).toMatchObject([
      { signal: 2, signal_bars: 10, signal_return: expect.closeTo(0.04, 12), signal_t1: 110 },
    ]);
  });

  test('a touch in the last candle of the horizon counts', () => {
    const bars: Bar[] = [...quiet(10), [111, 99, 104]];
    expect(first(bars)).toMatchObject([{ signal: 1, signal_bars: 10 }]);
  });

  test('the candle itself is no outcome, however wide it is', () => {
    expect(first([[200, 1, 100], QUIET, QUIET])).toMatchObject([{ signal: 2, signal_bars: 10 }]);
    expect(first([[200, 1, 100], QUIET, [111, 99, 100]])).toMatchObject([{ signal: 1, signal_bars: 2 }]);
  });

  test('a row that the candles so far do not decide is left out', () => {
    expect(rowsOf('4h', handMade(quiet(60)), 0, 1)).toEqual([]);
    expect(rowsOf('4h', handMade(quiet(61)), 0, 1)).toHaveLength(1);
    // At 15m the signal takes longer than the longest return.
    expect(rowsOf('15m', handMade(quiet(96)), 0, 1)).toEqual([]);
    expect(rowsOf('15m', handMade(quiet(97)), 0, 1)).toHaveLength(1);
  });

  test('without σ, or with barriers of no width, the row has no signal and is known at the horizon', () => {
    for (const sigma of [Number.NaN, 0]) {
      const window = handMade([QUIET, ...Array(95).fill([200, 1, 100]), QUIET]);
      window.sigma[0] = sigma;
      const row = rowsOf('15m', window, 0, 1)[0]!;
      expect([row.open_time, row.known_at]).toEqual([0, 970]);
      const signal = (Object.keys(row) as LabelColumn[]).filter((name) => /^signal|^uniqueness/.test(name));
      expect(signal.map((name) => row[name])).toEqual(Array(7).fill(UNDEFINED));
      expect(rowsOf('15m', { ...window, close: window.close.subarray(0, 96) }, 0, 1)).toEqual([]);
    }
  });
});

describe('tb_2_20, by hand', () => {
  /** 21 closes whose returns alternate by ±1 %, the last of them 100, and what comes after. */
  const barrierOf = (closes: readonly number[]) => {
    const before = [100];
    for (let i = 0; i < 20; i++) before.unshift(before[0]! / (i % 2 === 0 ? 1.01 : 0.99));
    const close = [...before, ...closes, ...Array(60).fill(100)];
    return rowsOf('4h', handMade(close.map((c): Bar => [c, c, c])), 20, 21)[0]!;
  };
  // Twice the sample standard deviation of ten returns of 1 % and ten of −1 %.
  const width = 2 * 0.01 * Math.sqrt(20 / 19);

  test('the barriers are 2 σ(20) away, on closes', () => {
    expect(barrierOf([100 * (1 + width) - 1e-9, 100 * (1 + width) + 1e-9])).toMatchObject({
      tb_2_20: 1,
      tb_2_20_return: expect.closeTo(width, 10),
      tb_2_20_t1: 230,
    });
    expect(barrierOf([100 * (1 - width) + 1e-9, 100, 100 * (1 - width) - 1e-9])).toMatchObject({
      tb_2_20: -1,
      tb_2_20_return: expect.closeTo(-width, 10),
      tb_2_20_t1: 240,
    });
  });

  test('20 candles on, the time runs out: 0, with the return there; the 20th still counts', () => {
    expect(barrierOf([...Array(19).fill(100), 101, 150])).toMatchObject({
      tb_2_20: 0,
      tb_2_20_return: expect.closeTo(0.01, 12),
      tb_2_20_t1: 410,
    });
    expect(barrierOf([...Array(19).fill(100), 90])).toMatchObject({ tb_2_20: -1, tb_2_20_t1: 410 });
  });
});

test('uniqueness, by hand: two labels that overlap in part', () => {
  // Row 0 ends at row 2, row 1 at row 3: candles 1 and 2 are shared.
  const window = handMade([QUIET, QUIET, [111, 99, 100], [130, 99, 100], ...quiet(60)]);
  window.sigma[1] = 0.25 / 3;
  expect(rowsOf('4h', window, 0, 2).map(({ signal_bars, uniqueness }) => [signal_bars, uniqueness])).toEqual([
    [2, (1 + 1 / 2 + 1 / 2) / 3],
    [2, (1 / 2 + 1 / 2 + 1) / 3],
  ]);
});

describe('all labels, by walking on from every row', () => {
  test.each(['1m', '15m', '1h', '2h', '4h', '1d'] as const)('at %s', (interval) => {
    const outcomes = new Set<number>();
    for (const seed of [1, 2, 3]) {
      const window = sampleWindow(interval, 1700, seed, [0.005, 0.02, 0.06][seed - 1]);
      const expected = labelsByWalking(interval, window);
      expectSame(rowsOf(interval, window), expected);
      for (const { signal } of expected) outcomes.add(signal);
    }
    expect([...outcomes].sort()).toEqual([0, 1, 2, Number.NaN].sort());
  });

  test('on a market that never moves, where every row is walked to the horizon', () => {
    const window = sampleWindow('1m', 1800, 1, 0.5);
    const still = { ...window, high: window.high.fill(101), low: window.low.fill(99), close: window.close.fill(100) };
    window.sigma.fill(0.1);
    expectSame(rowsOf('1m', still), labelsByWalking('1m', still));
    window.high[1700] = 130;
    expectSame(rowsOf('1m', still), labelsByWalking('1m', still));
    expect(rowsOf('1m', still).filter((row) => row.signal === 1)).toHaveLength(1440);
  });
});

/** Equal to the last bit, all labels of all rows. */
function expectSame(rows: readonly Row[], expected: readonly Row[]): void {
  expect(rows).toHaveLength(expected.length);
  const unequal = rows.filter((row, i) => LABEL_COLUMNS.some((name) => !Object.is(row[name], expected[i]![name])));
  expect(unequal.slice(0, 3)).toEqual([]);
}

describe('laws', () => {
  const window = sampleWindow('1h', 600, 4, 0.02);
  const whole = new Map(rowsOf('1h', window).map((row) => [row.open_time, row]));
  const slice = (from: number, to: number, of = window) =>
    Object.fromEntries(
      Object.entries(of).map(([name, values]) => [name, values.subarray(from, to)]),
    ) as unknown as LabelWindow;

  test('a row is the same wherever the labelled range and the window begin and end', () => {
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), fc.nat(600), fc.nat(600), (...cuts) => {
        const [cut, begin, end, to] = cuts.sort((a, b) => a - b) as [number, number, number, number];
        // The window reaches as far back as labels look, or further.
        const from = Math.max(0, Math.min(cut, begin - labelLookback('1h')));
        const rows = rowsOf('1h', slice(from, to), begin - from, end - from);
        expect(rows).toEqual(rows.map((row) => whole.get(row.open_time)));
        // All that the window can decide is there.
        const sure = [...Array(end - begin).keys()].map((i) => begin + i).filter((t) => t + labelHorizon('1h') < to);
        const given = new Set(rows.map((row) => row.open_time));
        expect(sure.filter((t) => !given.has(window.openTimeMs[t]!))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['1h', '15m'] as const)(
    'known_at is when the last label was decided: rows are there from then on, and nothing later matters (%s)',
    (interval) => {
      const long = sampleWindow(interval, 600, 4, 0.02);
      const rows = rowsOf(interval, long);
      for (const row of rows.filter((_, i) => i % 7 === 0)) {
        const t = long.openTimeMs.indexOf(row.open_time);
        const exit = long.knownAtMs.indexOf(row.known_at);
        expect(exit - t).toBeGreaterThanOrEqual(60);
        expect(exit - t).toBeLessThanOrEqual(labelHorizon(interval));
        expect(rowsOf(interval, slice(0, exit + 1, long), t, t + 1)).toEqual([row]);
        expect(rowsOf(interval, slice(0, exit, long), t, t + 1)).toEqual([]);
        const edited = structuredClone(long);
        for (const column of [edited.high, edited.close, edited.sigma]) column.fill(1e9, exit + 1);
        edited.low.fill(1e-9, exit + 1);
        expect(rowsOf(interval, edited, t, t + 1)).toEqual([row]);
      }
    },
  );

  /** Whether a label of row t changes where candle j alone becomes another: one that stays at the close of t, or goes far. */
  function matters(name: LabelColumn, t: number, j: number): boolean {
    const before = rowsOf('1h', window, t, t + 1)[0]![name];
    return [1, 0.5, 1.0001, 2].some((factor) => {
      const edited = structuredClone(window);
      for (const column of [edited.high, edited.low, edited.close]) column[j] = window.close[t]! * factor;
      return !Object.is(rowsOf('1h', edited, t, t + 1)[0]?.[name], before);
    });
  }

  test('the candle that decides a label matters to it, and none after that one', () => {
    const deciding = (row: Row): Partial<Record<LabelColumn, number>> => {
      const t = window.openTimeMs.indexOf(row.open_time);
      const exit = window.knownAtMs.indexOf(row.signal_t1);
      const barrier = window.knownAtMs.indexOf(row.tb_2_20_t1);
      return {
        ...(exit > 0 && { signal_bars: exit, signal_return: exit, uniqueness: exit }),
        ...(barrier > 0 && { tb_2_20_return: barrier }),
        fwd_return_1: t + 1,
        fwd_return_5: t + 5,
        fwd_return_15: t + 15,
        trend_up_15: t + 15,
        fwd_return_60: t + 60,
      };
    };
    const rows = [...whole.values()].slice(30, 500);
    const decides = new Map<LabelColumn, number>();
    for (const row of rows.filter((_, i) => i % 43 === 0)) {
      const t = window.openTimeMs.indexOf(row.open_time);
      for (const [name, j] of Object.entries(deciding(row)) as [LabelColumn, number][]) {
        if (matters(name, t, j)) decides.set(name, (decides.get(name) ?? 0) + 1);
        for (const later of [j + 1, j + 2, j + 7]) expect([name, matters(name, t, later)]).toEqual([name, false]);
      }
    }
    // Whether a touch moves uniqueness or the bars depends on what the candle does; it has to at least somewhere.
    for (const name of ['signal_bars', 'signal_return', 'tb_2_20_return', 'fwd_return_60', 'trend_up_15'] as const) {
      expect({ name, many: (decides.get(name) ?? 0) > 3 }).toEqual({ name, many: true });
    }
  });

  test('candles up to the row, its own high and low among them, have no say in its outcome', () => {
    const t = 300;
    const outcomes = (of: LabelWindow) =>
      rowsOf('1h', of, t, 600).map(
        ({ uniqueness: _, tb_2_20: __, tb_2_20_return: ___, tb_2_20_t1: ____, ...row }) => row,
      );
    const edited = { ...window, high: window.high.slice(), low: window.low.slice(), close: window.close.slice() };
    edited.high.fill(1e9, 0, t + 1);
    edited.low.fill(1e-9, 0, t + 1);
    edited.close.fill(1, 0, t);
    // Left out: uniqueness, which is about the labels before it, and the triple barrier, whose σ is of the past.
    expect(outcomes(edited)).toEqual(outcomes(window));
    // The triple barrier reads 21 closes for its σ and no high or low at all.
    const row = rowsOf('1h', window, t, t + 1)[0]!;
    edited.close.set(window.close.subarray(t - 20, t), t - 20);
    const { tb_2_20, tb_2_20_return, tb_2_20_t1 } = rowsOf('1h', edited, t, t + 1)[0]!;
    expect({ tb_2_20, tb_2_20_return, tb_2_20_t1 }).toEqual({
      tb_2_20: row.tb_2_20,
      tb_2_20_return: row.tb_2_20_return,
      tb_2_20_t1: row.tb_2_20_t1,
    });
  });

  test('uniqueness is in (0, 1]', () => {
    const labels = [...whole.values()].filter((row) => row.signal >= 0);
    expect(labels.length).toBeGreaterThan(300);
    for (const { uniqueness } of labels) {
      expect(uniqueness).toBeGreaterThan(0);
      expect(uniqueness).toBeLessThanOrEqual(1);
    }
  });

  test('inputs are left as they are', () => {
    const before = structuredClone(window);
    rowsOf('1h', window);
    expect(window).toEqual(before);
  });
});

test('horizon of the signal: a day of candles, 10 from 4h on; base 3, 4, 3 and 2', () => {
  expect(INTERVALS.map((interval) => [interval, signalHorizon(interval), signalBase(interval)])).toEqual([
    ['1m', 1440, 3],
    ['3m', 480, 3],
    ['5m', 288, 3],
    ['15m', 96, 3],
    ['30m', 48, 3],
    ['1h', 24, 4],
    ['2h', 12, 4],
    ['4h', 10, 3],
    ['6h', 10, 3],
    ['8h', 10, 3],
    ['12h', 10, 3],
    ['1d', 10, 2],
    ['3d', 10, 2],
    ['1w', 10, 2],
    ['1M', 10, 2],
  ]);
});

test('all labels are decided after the longest of them, and look back at those still open and at σ(20)', () => {
  const reach = (['1m', '15m', '1h', '4h', '1M'] as const).map((i) => [i, labelHorizon(i), labelLookback(i)]);
  expect(reach).toEqual([
    ['1m', 1440, 1440],
    ['15m', 96, 96],
    ['1h', 60, 24],
    ['4h', 60, 20],
    ['1M', 60, 20],
  ]);
});

test('the schema has the columns in order, times never null', () => {
  expect(LABELS_SCHEMA.columns.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '?' : ''}`)).toEqual([
    'open_time timestamp',
    'known_at timestamp',
    'signal int8?',
    'signal_target float64?',
    'signal_bars int32?',
    'signal_return float64?',
    'signal_t1 timestamp?',
    'signal_ambiguous int8?',
    'tb_2_20 int8?',
    'tb_2_20_return float64?',
    'tb_2_20_t1 timestamp?',
    'fwd_return_1 float64?',
    'fwd_return_5 float64?',
    'fwd_return_15 float64?',
    'fwd_return_60 float64?',
    'trend_up_15 int8?',
    'uniqueness float64?',
  ]);
});
