import fc from 'fast-check';
import { INTERVALS, type Interval } from '../../lib/domain/interval.ts';
import { computeLabels, type LabelWindow } from '../../lib/labels/compute-labels.ts';
import { labelHorizon, signalBase } from '../../lib/labels/label-horizon.ts';
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

/** The definition, read aloud: walk on from the row until a barrier is touched or the horizon is reached. */
function labelsByWalking(interval: Interval, window: LabelWindow): Row[] {
  const { openTimeMs, knownAtMs, high, low, close, sigma } = window;
  const rows: Row[] = [];
  for (let t = 0; t < close.length; t++) {
    const target = signalBase(interval) * sigma[t]!;
    const labelled = target > 0;
    for (let bars = 1; bars <= labelHorizon(interval) && t + bars < close.length; bars++) {
      const j = t + bars;
      const up = labelled && high[j]! >= close[t]! * (1 + target);
      const down = labelled && low[j]! <= close[t]! * (1 - target);
      if (!up && !down && bars < labelHorizon(interval)) continue;
      const outcome = down ? [0, -target] : up ? [1, target] : [2, close[j]! / close[t]! - 1];
      const only = (value: number) => (labelled ? value : Number.NaN);
      rows.push({
        open_time: openTimeMs[t]!,
        known_at: knownAtMs[j]!,
        signal: only(outcome[0]!),
        signal_target: only(target),
        signal_bars: only(bars),
        signal_return: only(outcome[1]!),
        signal_t1: only(knownAtMs[j]!),
        signal_ambiguous: only(up && down ? 1 : 0),
      });
      break;
    }
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
const QUIET = [101, 99, 100] as const;
const first = (bars: readonly (readonly [number, number, number])[]) => rowsOf('4h', handMade(bars), 0, 1);

describe('signal, by hand', () => {
  test('1 at the first high that reaches the upper barrier', () => {
    const rows = first([QUIET, QUIET, [110.00001, 99, 100], [120, 80, 100]]);
    expect(rows).toEqual([
      {
        open_time: 0,
        known_at: 30,
        signal: 1,
        signal_target: expect.closeTo(0.1, 12),
        signal_bars: 2,
        signal_return: expect.closeTo(0.1, 12),
        signal_t1: 30,
        signal_ambiguous: 0,
      },
    ]);
  });

  test('0 at the first low that reaches the lower barrier', () => {
    expect(first([QUIET, [101, 89.9, 100], [111, 99, 100]])).toMatchObject([
      { signal: 0, signal_bars: 1, signal_return: expect.closeTo(-0.1, 12), known_at: 20, signal_ambiguous: 0 },
    ]);
  });

  test('both in one candle is 0 and ambiguous', () => {
    expect(first([QUIET, [111, 89, 110]])).toMatchObject([
      { signal: 0, signal_return: expect.closeTo(-0.1, 12), signal_ambiguous: 1 },
    ]);
  });

  test('2 at the horizon of 10 candles, with the return of the close there', () => {
    const bars = [QUIET, ...Array(9).fill(QUIET), [105, 99, 104], [200, 1, 100]] as [number, number, number][];
    expect(first(bars)).toMatchObject([
      { signal: 2, signal_bars: 10, signal_return: expect.closeTo(0.04, 12), known_at: 110, signal_t1: 110 },
    ]);
  });

  test('a touch in the last candle of the horizon counts', () => {
    const bars = [QUIET, ...Array(9).fill(QUIET), [111, 99, 104]] as [number, number, number][];
    expect(first(bars)).toMatchObject([{ signal: 1, signal_bars: 10 }]);
  });

  test('the candle itself is no outcome, however wide it is', () => {
    expect(first([[200, 1, 100], QUIET, QUIET])).toEqual([]);
    expect(first([[200, 1, 100], QUIET, [111, 99, 100]])).toMatchObject([{ signal: 1, signal_bars: 2 }]);
  });

  test('a row that the candles so far do not decide is left out', () => {
    expect(first(Array(10).fill(QUIET))).toEqual([]);
    expect(first(Array(11).fill(QUIET))).toHaveLength(1);
  });

  test('without σ, or with barriers of no width, the row has no label and is known at the horizon', () => {
    for (const sigma of [Number.NaN, 0]) {
      const window = handMade([QUIET, ...Array(9).fill([200, 1, 100]), QUIET]);
      window.sigma[0] = sigma;
      const { open_time, known_at, ...labels } = rowsOf('4h', window, 0, 1)[0]!;
      expect([open_time, known_at]).toEqual([0, 110]);
      expect(Object.values(labels).every(Number.isNaN)).toBe(true);
      expect(rowsOf('4h', { ...window, close: window.close.subarray(0, 10) }, 0, 1)).toEqual([]);
    }
  });
});

describe('signal, by walking on from every row', () => {
  test.each(['1m', '15m', '1h', '2h', '4h', '1d'] as const)('at %s', (interval) => {
    const outcomes = new Set<number>();
    for (const seed of [1, 2, 3]) {
      const window = sampleWindow(interval, 1700, seed, [0.005, 0.02, 0.06][seed - 1]);
      const expected = labelsByWalking(interval, window);
      expect(rowsOf(interval, window)).toEqual(expected);
      for (const { signal } of expected) outcomes.add(signal);
    }
    expect([...outcomes].sort()).toEqual([0, 1, 2, Number.NaN].sort());
  });

  test('on a market that never moves, where every row is walked to the horizon', () => {
    const window = sampleWindow('1m', 1800, 1, 0.5);
    const still = { ...window, high: window.high.fill(101), low: window.low.fill(99), close: window.close.fill(100) };
    window.sigma.fill(0.1);
    expect(rowsOf('1m', still)).toEqual(labelsByWalking('1m', still));
    window.high[1700] = 130;
    expect(rowsOf('1m', still)).toEqual(labelsByWalking('1m', still));
    expect(rowsOf('1m', still).filter((row) => row.signal === 1)).toHaveLength(1440);
  });
});

describe('laws', () => {
  const window = sampleWindow('1h', 600, 4, 0.02);
  const whole = new Map(rowsOf('1h', window).map((row) => [row.open_time, row]));

  test('a row is the same wherever the labelled range and the window begin and end', () => {
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), fc.nat(600), fc.nat(600), (...cuts) => {
        const [from, begin, end, to] = cuts.sort((a, b) => a - b) as [number, number, number, number];
        const part = Object.fromEntries(
          Object.entries(window).map(([name, values]) => [name, values.subarray(from, to)]),
        ) as unknown as LabelWindow;
        const rows = rowsOf('1h', part, begin - from, end - from);
        expect(rows).toEqual(rows.map((row) => whole.get(row.open_time)));
        // All that the window can decide is there.
        const sure = [...Array(end - begin).keys()].map((i) => begin + i).filter((t) => t + labelHorizon('1h') < to);
        const given = new Set(rows.map((row) => row.open_time));
        expect(sure.filter((t) => !given.has(window.openTimeMs[t]!))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('known_at is after the row has closed, within the horizon, and no later candle matters', () => {
    const rows = rowsOf('1h', window);
    for (const [i, row] of rows.entries()) {
      const t = window.openTimeMs.indexOf(row.open_time);
      const exit = window.knownAtMs.indexOf(row.known_at);
      expect(exit).toBeGreaterThan(t);
      expect(exit - t).toBeLessThanOrEqual(labelHorizon('1h'));
      if (i % 10 !== 0) continue;
      const cut = (length: number) =>
        Object.fromEntries(
          Object.entries(window).map(([name, v]) => [name, v.subarray(0, length)]),
        ) as unknown as LabelWindow;
      expect(rowsOf('1h', cut(exit + 1), t, t + 1)).toEqual([row]);
      expect(rowsOf('1h', cut(exit), t, t + 1)).toEqual([]);
    }
  });

  test('candles up to the row, its own high and low among them, have no say in its outcome', () => {
    const t = 300;
    const edited = { ...window, high: window.high.slice(), low: window.low.slice(), close: window.close.slice() };
    edited.high.fill(1e9, 0, t + 1);
    edited.low.fill(1e-9, 0, t + 1);
    edited.close.fill(1, 0, t);
    expect(rowsOf('1h', edited, t, 600)).toEqual(rowsOf('1h', window, t, 600));
  });

  test('inputs are left as they are', () => {
    const before = structuredClone(window);
    rowsOf('1h', window);
    expect(window).toEqual(before);
  });
});

test('horizon: a day of candles, 10 from 4h on; base 3, 4, 3 and 2', () => {
  expect(INTERVALS.map((interval) => [interval, labelHorizon(interval), signalBase(interval)])).toEqual([
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
  ]);
});
