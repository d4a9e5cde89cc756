import fc from 'fast-check';
import { allocateCandles, CANDLE_COLUMNS, type CandleColumn, type Candles } from '../../../lib/domain/candles.ts';
import { floorOpenTime, INTERVALS, type Interval, nextOpenTime } from '../../../lib/domain/interval.ts';
import { addsUp, aggregation } from '../../../lib/lake/audit/aggregate.ts';
import { candleRows } from '../../support/candles.ts';

function candlesOf(rows: readonly (readonly number[])[]): Candles {
  const candles = allocateCandles(rows.length);
  rows.forEach((row, index) => {
    CANDLE_COLUMNS.forEach((name, field) => {
      candles[name][index] = row[field]!;
    });
  });
  return candles;
}

/** Adds rows of CANDLE_COLUMNS up the slow way, from the last to the first. */
function slowSums(rows: readonly (readonly number[])[], interval: Interval): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of [...rows].reverse()) {
    const openTimeMs = floorOpenTime(interval, row[0]!);
    const later = groups.get(openTimeMs);
    if (!later) groups.set(openTimeMs, [openTimeMs, ...row.slice(1)]);
    else {
      later[1] = row[1]!;
      later[2] = Math.max(later[2]!, row[2]!);
      later[3] = Math.min(later[3]!, row[3]!);
      for (const field of [5, 7, 8, 9, 10]) later[field]! += row[field]!;
    }
  }
  return [...groups.values()].reverse().map((row) => {
    row[6] = nextOpenTime(interval, row[0]!) - 1;
    return row;
  });
}

const finer = candleRows('5m', '2024-02-01', 12 * 24).map((row) => row.split(',').map(Number).slice(0, 11));
const ADDED: CandleColumn[] = CANDLE_COLUMNS.filter((name) => name !== 'openTimeMs' && name !== 'closeTimeMs');

function compare(finerRows: readonly (readonly number[])[], coarserRows: readonly (readonly number[])[]) {
  const sums = aggregation(candlesOf(coarserRows), '1h', '5m');
  // In two parts, as the shards of a finer interval come.
  sums.add(candlesOf(finerRows.slice(0, 100)));
  sums.add(candlesOf(finerRows.slice(100)));
  return sums.result();
}

test('what is added up in another order differs in no column', () => {
  expect(compare(finer, slowSums(finer, '1h'))).toEqual({ differences: [], compared: 24, incomplete: 0 });
});

test('one value of one candle that is another is found, with both values; prices to the last bit', () => {
  fc.assert(
    fc.property(fc.nat(23), fc.constantFrom(...ADDED), (hour, column) => {
      const published = slowSums(finer, '1h');
      const field = CANDLE_COLUMNS.indexOf(column);
      const was = published[hour]![field]!;
      const isPrice = ['open', 'high', 'low', 'close'].includes(column);
      published[hour]![field] = was * (1 + (isPrice ? 2e-16 : 2e-9)) + (isPrice ? Number.EPSILON * was : 0);
      const { differences } = compare(finer, published);
      expect(differences).toHaveLength(1);
      expect(differences[0]!.openTimeMs).toBe(published[hour]![0]);
      expect(differences[0]!.published).toMatch(/^[a-z_]+ [\d.]+$/);
      expect(differences[0]!.published).toContain(String(published[hour]![field]));
    }),
  );
});

test('a sum that is off by less than its tolerance is equal', () => {
  const published = slowSums(finer, '1h');
  for (const row of published) for (const field of [5, 7, 9, 10]) row[field]! *= 1 + 5e-10;
  expect(compare(finer, published).differences).toEqual([]);
});

test('where a finer candle is missing, a difference is uncertain, and an hour without any is not compared', () => {
  const without = finer.filter(([openTimeMs]) => {
    const minute = (openTimeMs! - Date.UTC(2024, 1, 1)) / 60_000;
    return minute !== 65 && !(minute >= 120 && minute < 180);
  });
  expect(compare(without, slowSums(finer, '1h'))).toEqual({ differences: [], compared: 22, incomplete: 1 });
});

test('only intervals that fit are added up', () => {
  const fitting = (coarser: Interval) => INTERVALS.filter((own) => addsUp(own, coarser));
  expect(fitting('1m')).toEqual([]);
  expect(fitting('5m')).toEqual(['1m']);
  expect(fitting('8h')).toEqual(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h']);
  expect(fitting('12h')).toEqual(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h']);
  expect(fitting('1w').at(-1)).toBe('1d');
  expect(fitting('1M').at(-1)).toBe('1d');
  expect(fitting('3d')).toContain('12h');
});
