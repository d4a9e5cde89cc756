import fc from 'fast-check';
import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../../lib/domain/candles.ts';
import { SOURCES, type Source } from '../../../lib/domain/chunk.ts';
import { type DecodedObject, mergeCandles } from '../../../lib/lake/landing/merge.ts';
import { valuesOf } from '../../support/candles.ts';

/** An open time (in hours) and a value that stands in for all the others. */
type Row = readonly [hour: number, value: number];

function candlesOf(rows: readonly Row[]): Candles {
  const candles = allocateCandles(rows.length);
  rows.forEach(([hour, value], row) => {
    for (const column of CANDLE_COLUMNS) candles[column][row] = value;
    candles.openTimeMs[row] = hour * 3_600_000;
  });
  return candles;
}

const object = (source: Source, fetchedAtMs: number, rows: readonly Row[], sha256 = `${source}${fetchedAtMs}`) =>
  ({ source, fetchedAtMs, sha256, candles: candlesOf(rows) }) satisfies DecodedObject;

/** Merged rows as hour, value, source. */
function told(objects: readonly DecodedObject[]): [number, number, Source][] {
  const { candles, source } = mergeCandles(objects);
  return Array.from(candles.openTimeMs, (timeMs, row) => [
    timeMs / 3_600_000,
    candles.close[row]!,
    SOURCES[source[row]!]!,
  ]);
}

test('nothing merges to nothing', () => {
  expect(mergeCandles([])).toMatchObject({ duplicates: 0, conflicts: [], candles: { length: 0 } });
  expect(told([object('rest', 1, [])])).toEqual([]);
});

test('monthly beats daily beats REST, whichever was fetched later', () => {
  const monthly = object('archive_monthly', 1, [[2, 10]]);
  const daily = object('archive_daily', 2, [
    [1, 20],
    [2, 20],
  ]);
  const rest = object('rest', 3, [
    [0, 30],
    [1, 30],
    [2, 30],
  ]);
  expect(told([rest, daily, monthly])).toEqual([
    [0, 30, 'rest'],
    [1, 20, 'archive_daily'],
    [2, 10, 'archive_monthly'],
  ]);
});

test('of one source the object fetched later wins', () => {
  expect(told([object('rest', 5, [[0, 1]]), object('rest', 6, [[0, 2]])])).toEqual([[0, 2, 'rest']]);
});

test('a superseded file gives no candle, and is in dispute with the newer version of itself alone', () => {
  const old = {
    ...object('archive_monthly', 9, [
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]),
    superseded: true,
  };
  const monthly = object('archive_monthly', 5, [
    [0, 2],
    [3, 1],
  ]);
  const daily = object('archive_daily', 6, [[1, 3]]);
  const objects = [old, monthly, daily];
  expect(told(objects)).toEqual([
    [0, 2, 'archive_monthly'],
    [1, 3, 'archive_daily'],
    [3, 1, 'archive_monthly'],
  ]);
  const { conflicts, duplicates } = mergeCandles(objects);
  expect(duplicates).toBe(1);
  expect(conflicts.map(({ kept, other }) => [kept.sha256, other.sha256])).toEqual([[monthly.sha256, old.sha256]]);
  expect(told([old])).toEqual([]);
});

test('of one object the later row wins, and rows need not be in order', () => {
  const rows: Row[] = [
    [3, 1],
    [1, 2],
    [3, 3],
    [2, 4],
    [1, 5],
  ];
  expect(told([object('rest', 1, rows)])).toEqual([
    [1, 5, 'rest'],
    [2, 4, 'rest'],
    [3, 3, 'rest'],
  ]);
});

test('what is left out is counted, equal rows apart from others, which are shown', () => {
  const daily = object('archive_daily', 1, [
    [0, 1],
    [1, 2],
  ]);
  const rest = object('rest', 2, [
    [0, 1],
    [1, 3],
    [1, 2],
    [2, 4],
  ]);
  // Of the hour's second candle REST says 2 and, before that, 3.
  expect(mergeCandles([daily, rest])).toMatchObject({
    duplicates: 2,
    conflicts: [
      {
        openTimeMs: 3_600_000,
        column: 'open',
        kept: { value: 2, source: 'archive_daily' },
        other: { value: 3, source: 'rest' },
      },
    ],
  });
});

test('a conflict names the first column that differs', () => {
  const a = object('archive_daily', 1, [[0, 1]]);
  const b = object('rest', 1, [[0, 1]]);
  b.candles.trades[0] = 7;
  b.candles.takerBuyVolume[0] = 9;
  expect(mergeCandles([b, a]).conflicts).toMatchObject([
    {
      openTimeMs: 0,
      column: 'trades',
      kept: { value: 1, source: 'archive_daily' },
      other: { value: 7, source: 'rest' },
    },
  ]);
});

test('every conflict is told, with the objects that say so', () => {
  const rows = (value: number) => Array.from({ length: 100 }, (_, hour): Row => [hour, value]);
  const [rest, daily] = [object('rest', 1, rows(1)), object('archive_daily', 1, rows(2))];
  const { conflicts } = mergeCandles([rest, daily]);
  expect(conflicts).toHaveLength(100);
  for (const { kept, other } of conflicts) {
    expect([kept.sha256, other.sha256]).toEqual([daily.sha256, rest.sha256]);
  }
});

describe('any objects', () => {
  const row = fc.tuple(fc.nat(8), fc.nat(3));
  const objects = fc
    .array(
      fc.record({ source: fc.constantFrom(...SOURCES), fetchedAtMs: fc.nat(3), rows: fc.array(row, { maxLength: 6 }) }),
      {
        maxLength: 6,
      },
    )
    .map((all) => all.map(({ source, fetchedAtMs, rows }) => object(source, fetchedAtMs, rows, JSON.stringify(rows))));

  test('merge to what the rules say, hour by hour, and every row is kept or counted', () => {
    fc.assert(
      fc.property(objects, (given) => {
        const merged = mergeCandles(given);
        const hours = [...new Set(given.flatMap(({ candles }) => [...candles.openTimeMs]))].sort((a, b) => a - b);
        expect([...merged.candles.openTimeMs]).toEqual(hours);
        hours.forEach((hour, i) => {
          const holding = given.filter(({ candles }) => candles.openTimeMs.includes(hour));
          const bestSource = Math.min(...holding.map(({ source }) => SOURCES.indexOf(source)));
          const ofSource = holding.filter(({ source }) => SOURCES.indexOf(source) === bestSource);
          const latest = Math.max(...ofSource.map(({ fetchedAtMs }) => fetchedAtMs));
          const best = ofSource.filter(({ fetchedAtMs }) => fetchedAtMs === latest);
          expect(merged.source[i]).toBe(bestSource);
          // Where several were fetched in one instant, any of them may stand.
          const allowed = best.map(({ candles }) => candles.close[candles.openTimeMs.lastIndexOf(hour)]);
          expect(allowed).toContain(merged.candles.close[i]);
        });
        const total = given.reduce((sum, { candles }) => sum + candles.length, 0);
        expect(merged.candles.length + merged.duplicates + merged.conflicts.length).toBe(total);
      }),
    );
  });

  test('merge to the same in whatever order they are given', () => {
    const shuffled = objects.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        const [a, b] = [mergeCandles(given), mergeCandles(other)];
        expect(valuesOf(b.candles)).toEqual(valuesOf(a.candles));
        expect({ ...b, candles: 0 }).toEqual({ ...a, candles: 0 });
      }),
    );
  });
});
