import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LABEL_TABLE, type LabelRow } from '../../lib/labels/label-table.ts';
import { tableKey } from '../../lib/lake/keys.ts';
import type { ClassCount } from '../../lib/query/label-balance.ts';
import { sampleCandles } from '../support/candles.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readParquet } from '../support/parquet.ts';
import { publishCandles } from '../support/published-lake.ts';
import { saidBy } from '../support/terminal.ts';

const SERIES = [
  { market: 'um', symbol: 'BTCUSDT', interval: '1h' },
  { market: 'um', symbol: 'ETHUSDT', interval: '4h' },
] as const;
const ROWS: readonly LabelRow[] = LABEL_TABLE;

let lake: string;
beforeAll(async () => {
  lake = temporaryFolder();
  for (const [i, series] of SERIES.entries()) {
    const candles = sampleCandles(series.interval, 900, 'ordinary', i + 1);
    // Without shadows the price often stays between the barriers.
    candles.high.set(candles.open.map((open, row) => Math.max(open, candles.close[row]!)));
    candles.low.set(candles.open.map((open, row) => Math.min(open, candles.close[row]!)));
    await publishCandles(lake, series, candles);
  }
});

test('lake labels says what every column means and every value of it, without a lake too', async () => {
  const nowhere = join(temporaryFolder(), 'nowhere');
  const { code, out, err } = await saidBy(['labels', '--lake', nowhere]);
  expect([code, err]).toEqual([0, '']);
  const words = out.replaceAll(/\s+/g, ' ');
  for (const { name, meaning, formula, values = [] } of ROWS) {
    expect(words).toContain(name);
    for (const text of [meaning, `= ${formula}`]) expect(words).toContain(text);
    for (const { value, meaning: of } of values) expect(words).toContain(`${value} ${of}`);
  }
  expect(out).toContain(`lake at ${nowhere} has no labels to count`);
  expect(existsSync(nowhere)).toBe(false);
  expect(out.split('\n').filter((line) => line.length > 80 && !line.includes('/'))).toEqual([]);
});

test('it counts the classes of each series, as counting the rows of the tables does', async () => {
  const { code, out } = await saidBy(['labels', '--json', '--lake', lake]);
  const { labels, balance } = JSON.parse(out) as { labels: unknown[]; balance: ClassCount[] };
  expect([code, labels.length]).toEqual([0, ROWS.length]);
  const expected: unknown[] = [];
  for (const series of SERIES) {
    const periods = ['2023', '2024'].filter((period) => existsSync(join(lake, tableKey('labels', series, period))));
    const read = await Promise.all(
      periods.map((period) => readParquet(join(lake, tableKey('labels', series, period)))),
    );
    const rows = read.flat();
    for (const label of ['signal', 'tb_2_20', 'trend_up_15']) {
      const labelled = rows.filter((row) => row[label] !== null).length;
      for (const value of [-1, 0, 1, 2, null]) {
        const count = rows.filter((row) => row[label] === value).length;
        if (count === 0) continue;
        expected.push({ ...series, label, value, rows: count, share: value === null ? null : count / labelled });
      }
    }
  }
  expect(balance).toEqual(expected);
  expect(new Set(balance.map(({ value }) => value))).toEqual(new Set([null, -1, 0, 1, 2]));
  const { out: text } = await saidBy(['labels', '--interval', '4h', '--lake', lake]);
  expect(text).toContain('um/ETHUSDT/4h');
  expect(text).not.toContain('um/BTCUSDT/1h');
  expect(text).toContain('horizons are for 4h');
});

test.each([
  [['--symbols', 'ADAUSDT'], 'holds no labels of ADAUSDT: run `npx lake run --lake '],
  [['--interval', '7m'], "interval must be one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M, got '7m'"],
  [['--market', 'moon'], "market must be one of um, cm, spot, sim, got 'moon'"],
])('lake labels %j is refused', async (args, message) => {
  const { code, out, err } = await saidBy(['labels', ...args, '--lake', lake]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});
