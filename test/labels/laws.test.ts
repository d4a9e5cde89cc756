import fc from 'fast-check';
import type { LabelWindow } from '../../lib/labels/label.ts';
import { labelHorizon, labelLookback } from '../../lib/labels/label-horizon.ts';
import type { LabelColumn } from '../../lib/labels/schema.ts';
import { type Row, rowsOf, sampleWindow } from './label-rows.ts';

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

  /** Whether a label of row t changes if candle j alone is replaced: by one at the close of t, or by one far away. */
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
