import type { Interval } from '../../lib/domain/interval.ts';
import type { LabelWindow } from '../../lib/labels/label.ts';
import { LABEL_TABLE, type LabelRow } from '../../lib/labels/label-table.ts';
import type { LabelColumn } from '../../lib/labels/schema.ts';
import { rowsOf, sampleWindow } from './label-rows.ts';

const ROWS: readonly LabelRow[] = LABEL_TABLE;

/** Columns that the last candle of the horizon ends whatever its price is. */
const DECIDED_BEFORE = new Set(['signal_bars', 'signal_t1', 'tb_2_20_t1', 'uniqueness']);

/** The window with candles from `row` on at other prices. */
function restatedFrom(window: LabelWindow, row: number, factors: { high: number; low: number; close: number }) {
  const restated = (name: 'high' | 'low' | 'close') =>
    window[name].map((value, i) => (i < row ? value : value * factors[name]));
  return { ...window, high: restated('high'), low: restated('low'), close: restated('close') };
}

/** Lower, higher and wider candles. */
const RESTATEMENTS = [
  { high: 0.5, low: 0.5, close: 0.5 },
  { high: 2, low: 2, close: 2 },
  { high: 2, low: 0.5, close: 1 },
];

test('every class and flag has the values that the table lists, and no others', () => {
  const found = new Map<string, Set<number>>();
  for (const [seed, spread] of [
    [1, 0.002],
    [2, 0.01],
    [3, 0.05],
  ] as const) {
    for (const row of rowsOf('4h', sampleWindow('4h', 2500, seed, spread))) {
      for (const { name, values } of ROWS) {
        if (values) found.set(name, (found.get(name) ?? new Set()).add(row[name as LabelColumn]));
      }
    }
  }
  for (const { name, values } of ROWS) {
    if (!values) continue;
    const seen = [...found.get(name)!].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    expect([name, seen]).toEqual([name, values.map(({ value }) => value)]);
  }
});

test.each<Interval>(['1h', '4h'])('at %s a column depends on its horizon and on no later candle', (interval) => {
  const window = sampleWindow(interval, 230, 5, 0.03);
  const before = rowsOf(interval, window);
  for (const { name, horizon } of ROWS) {
    const column = name as LabelColumn;
    let changed = 0;
    for (let row = 30; row < 130; row++) {
      const labelled = before.find(({ open_time }) => open_time === window.openTimeMs[row])!;
      for (const factors of RESTATEMENTS) {
        const of = (from: number) => rowsOf(interval, restatedFrom(window, from, factors), row, row + 1)[0]![column];
        expect([name, row, of(row + horizon(interval) + 1)]).toEqual([name, row, labelled[column]]);
        const last = row + horizon(interval) - (DECIDED_BEFORE.has(name) ? 1 : 0);
        if (horizon(interval) > 0 && !Object.is(of(last), labelled[column])) changed++;
      }
    }
    // A longer horizon than that of the column would never show.
    const canChange = !['open_time', 'known_at'].includes(name);
    if (horizon(interval) > 0 && canChange) expect([name, changed > 0]).toEqual([name, true]);
  }
});

test('a value is known when the table says: at the exit of its barriers, or at the close of its last candle', () => {
  const window = sampleWindow('4h', 250, 6, 0.03);
  for (const row of rowsOf('4h', window, 30, 150)) {
    const t = window.openTimeMs.indexOf(row.open_time);
    for (const { name, known } of ROWS) {
      const value = row[name as LabelColumn];
      if (Number.isNaN(value)) continue;
      const ahead = /^close of candle t(?:\+(\d+))?$/.exec(known);
      const knownAtMs = ahead ? window.knownAtMs[t + Number(ahead[1] ?? 0)]! : row[known as LabelColumn];
      const exit = window.knownAtMs.indexOf(knownAtMs);
      const later = rowsOf('4h', restatedFrom(window, exit + 1, RESTATEMENTS[2]!), t, t + 1)[0]!;
      expect([name, t, later[name as LabelColumn]]).toEqual([
        name,
        t,
        name === 'known_at' ? expect.any(Number) : value,
      ]);
    }
  }
});
