import type { LabelWindow } from '../../lib/labels/label.ts';
import type { LabelColumn } from '../../lib/labels/schema.ts';
import { rowsOf, UNDEFINED } from './label-rows.ts';

type Bar = readonly [high: number, low: number, close: number];

/** Candles around a close of 100 with barriers at 90 and 110 (4h: base 3). */
function handMade(bars: readonly Bar[]): LabelWindow {
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
