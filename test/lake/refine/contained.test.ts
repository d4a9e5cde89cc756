import fc from 'fast-check';
import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../../lib/domain/candles.ts';
import { SOURCES, type Source } from '../../../lib/domain/chunk.ts';
import { candlesAgree } from '../../../lib/lake/landing/candles-agree.ts';
import { type Containable, findContained } from '../../../lib/lake/landing/contained.ts';
import { type DecodedObject, mergeCandles } from '../../../lib/lake/landing/merge.ts';
import { HOUR_MS } from '../../support/time.ts';

/** An open time (in hours) and a value that stands in for all the others. */
type Row = readonly [hour: number, value: number];

interface Asked {
  readonly source: Source;
  readonly from: number;
  readonly to: number;
  readonly fetchedAtMs: number;
  readonly rows: readonly Row[];
  readonly superseded?: true;
}

function candlesOf(rows: readonly Row[]): Candles {
  const candles = allocateCandles(rows.length);
  rows.forEach(([hour, value], row) => {
    for (const column of CANDLE_COLUMNS) candles[column][row] = value;
    candles.openTimeMs[row] = hour * HOUR_MS;
  });
  return candles;
}

function objectOf(
  { source, from, to, fetchedAtMs, rows, superseded }: Asked,
  index: number,
): Containable & DecodedObject {
  const range = { fromMs: from * HOUR_MS, toMs: to * HOUR_MS };
  const sha256 = `${source} ${index}`;
  const standing = superseded && { superseded };
  return { source, fetchedAtMs, sha256, ...standing, candles: candlesOf(rows), range, answers: range };
}

function findIn<One extends Containable & DecodedObject>(period: string, objects: readonly One[]) {
  return findContained(period, objects, (b, a, range) => candlesAgree('1h', b, a, range));
}

/** The numbers of the contained objects, and of the objects that contain them. */
function containedIn(asked: readonly Asked[], period = '1970'): [number, number][] {
  const objects = asked.map(objectOf);
  const pairs = [...findIn(period, objects)];
  return pairs.map(([one, other]): [number, number] => [objects.indexOf(one), objects.indexOf(other)]).sort();
}

const hours = (from: number, to: number, value = 1): Row[] =>
  Array.from({ length: to - from }, (_, hour) => [from + hour, value]);
const asked = (source: Source, from: number, to: number, fetchedAtMs: number, rows = hours(from, to)): Asked => ({
  source,
  from,
  to,
  fetchedAtMs,
  rows,
});

describe('an object contains another', () => {
  test('if it was asked later for more, and says the same', () => {
    const [first, second, third] = [1, 2, 3].map((n) => asked('rest', 0, 4 * n, n));
    expect(containedIn([first!, second!, third!])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  test('if it is a better file of the same day, and no candle is missing', () => {
    expect(containedIn([asked('rest', 0, 24, 9), asked('archive_daily', 0, 24, 1)])).toEqual([[0, 1]]);
    expect(containedIn([asked('archive_monthly', 0, 72, 1), asked('archive_daily', 24, 48, 9)])).toEqual([[1, 0]]);
  });

  test('if both lack the same candle and both are REST, or both files; not if one is REST and one a file', () => {
    const holed = (from: number, to: number) => hours(from, to).filter(([hour]) => hour !== 3);
    expect(containedIn([asked('rest', 0, 5, 1, holed(0, 5)), asked('rest', 0, 9, 2, holed(0, 9))])).toEqual([[0, 1]]);
    const month = asked('archive_monthly', 0, 72, 2, holed(0, 72));
    expect(containedIn([asked('archive_daily', 0, 24, 1, holed(0, 24)), month])).toEqual([[0, 1]]);
    expect(containedIn([asked('rest', 0, 24, 3, holed(0, 24)), month])).toEqual([]);
  });
});

describe('an object does not contain another', () => {
  const whole = asked('rest', 0, 8, 2);
  test.each<[string, Asked]>([
    ['with another value', asked('rest', 0, 4, 1, [...hours(0, 3), [3, 7]])],
    ['with a candle that it lacks', { ...asked('rest', 0, 4, 1), rows: [...hours(0, 4), [4, 1]] }],
    ['without a candle that it has', asked('rest', 0, 4, 1, hours(0, 3))],
    ['that reaches further', asked('rest', 4, 9, 1)],
    ['that was fetched later', asked('rest', 0, 4, 3)],
    ['that is a better file', asked('archive_daily', 0, 4, 1)],
    ['that a newer version of the same file replaced', { ...asked('rest', 0, 4, 1), superseded: true }],
    ['that was asked for nothing', asked('rest', 4, 4, 1)],
  ])('%s', (_, other) => {
    expect(containedIn([other, whole])).toEqual([]);
  });

  test('if a newer version of the same file has taken its place, or its rows are not in order', () => {
    const rest = asked('rest', 0, 8, 1);
    expect(containedIn([rest, { ...asked('archive_daily', 0, 24, 2), superseded: true }])).toEqual([]);
    expect(containedIn([rest, asked('archive_daily', 0, 24, 2, hours(0, 24).reverse())])).toEqual([]);
  });
});

test('older versions of a file go with its newest one, beside which alone they count', () => {
  const older: Asked = { ...asked('archive_daily', 0, 24, 1, hours(0, 24, 7)), superseded: true };
  const month = asked('archive_monthly', 0, 72, 3);
  expect(containedIn([older, asked('archive_daily', 0, 24, 2), month])).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('only the part within the period counts', () => {
  // The year ends at hour 8,760: of the first answer, and of the second, only the hours before it.
  const over = asked('rest', 8_758, 8_764, 1, [...hours(8_758, 8_760), ...hours(8_760, 8_764)]);
  const longer = asked('rest', 8_750, 8_764, 2, [...hours(8_750, 8_760), ...hours(8_760, 8_764, 5)]);
  const within = ({ rows, ...one }: Asked): Asked => ({ ...one, rows: rows.filter(([hour]) => hour < 8_760) });
  expect(containedIn([within(over), within(longer)])).toEqual([[0, 1]]);
  const behind = ({ rows, ...one }: Asked): Asked => ({ ...one, rows: rows.filter(([hour]) => hour >= 8_760) });
  expect(containedIn([behind(over), behind(longer)], '1971')).toEqual([]);
});

describe('what is contained', () => {
  const value = fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.constant(2));
  const drawn = fc
    .record({
      source: fc.constantFrom(...SOURCES),
      from: fc.nat(5),
      length: fc.integer({ min: 1, max: 6 }),
      fetchedAtMs: fc.nat(4),
      values: fc.array(value, { minLength: 6, maxLength: 6 }),
      absent: fc.array(fc.nat(11), { maxLength: 2 }),
      superseded: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constant(true as const)),
    })
    .map(({ source, from, length, fetchedAtMs, values, absent, superseded }): Asked => {
      const rows = values.slice(0, length).map((one, hour): Row => [from + hour, one]);
      const standing = superseded && source !== 'rest' ? { superseded } : {};
      const there = rows.filter(([hour]) => !absent.includes(hour));
      return { source, from, to: from + length, fetchedAtMs, rows: there, ...standing };
    });

  test('changes no candle, no source and no candle in conflict, whatever landed', () => {
    let contained = 0;
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 2, maxLength: 7 }), (all) => {
        const objects = all.map(objectOf);
        const pairs = findIn('1970', objects);
        contained += pairs.size;
        const [whole, less] = [mergeCandles(objects), mergeCandles(objects.filter((one) => !pairs.has(one)))];
        expect(less.candles).toEqual(whole.candles);
        expect(less.source).toEqual(whole.source);
        // Older versions go with the newest one, which they alone were in conflict with.
        const counting = mergeCandles(objects.filter((one) => !(one.superseded && pairs.has(one))));
        const times = ({ conflicts }: typeof whole) => [...new Set(conflicts.map(({ openTimeMs }) => openTimeMs))];
        expect(times(less)).toEqual(times(counting));
      }),
      { numRuns: 2_000 },
    );
    expect(contained).toBeGreaterThan(500);
  });

  test('stays so when more lands, and what contains it may be contained itself', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 2, maxLength: 6 }), drawn, (all, last) => {
        const before = containedIn(all).map(([one]) => one);
        const after = containedIn([...all, last]).map(([one]) => one);
        expect(after).toEqual(expect.arrayContaining(before));
      }),
      { numRuns: 1_000 },
    );
  });
});
