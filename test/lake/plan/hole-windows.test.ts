import fc from 'fast-check';
import { countOpenTimes, INTERVALS, type Interval, stepOpenTimes } from '../../../lib/domain/interval.ts';
import { subtractRanges, type TimeRange } from '../../../lib/domain/time-range.ts';
import { SOURCES } from '../../../lib/exchange/binance/sources.ts';
import { REST_PAGE_CANDLES } from '../../../lib/lake/landing/open-page.ts';
import { holeWindows, rangesWithin } from '../../../lib/lake/plan/hole-windows.ts';

test('plans count with the page that REST requests have', () => {
  expect(REST_PAGE_CANDLES).toBe(SOURCES.candles.rest!.limit);
});

const FROM = Date.UTC(2024, 0, 1);

/** Holes from pairs of (candles before it, candles in it). */
function holesOf(interval: Interval, pairs: readonly (readonly [number, number])[]): TimeRange[] {
  let at = FROM;
  return pairs.map(([before, length]) => {
    const fromMs = stepOpenTimes(interval, at, before);
    at = stepOpenTimes(interval, fromMs, length);
    return { fromMs, toMs: at };
  });
}

const sizes = (interval: Interval, holes: readonly TimeRange[]) =>
  holeWindows(interval, holes).map(({ range, candles }) => [countOpenTimes(interval, range), candles]);

describe('windows for holes', () => {
  test('one page goes over as many holes as it reaches, and ends with the last of them', () => {
    const holes = holesOf('1m', [
      [0, 1],
      [200, 2],
      [290, 5],
      [1, 3],
    ]);
    // 1 + 200 + 2 + 290 are 493; the third hole ends with candle 498, the fourth begins at 499.
    expect(sizes('1m', holes)).toEqual([
      [498, 8],
      [3, 3],
    ]);
  });

  test('a hole longer than a page takes several, and the last page goes on to the next hole', () => {
    const holes = holesOf('15m', [
      [0, 1000],
      [100, 1],
    ]);
    expect(sizes('15m', holes)).toEqual([
      [499, 499],
      [499, 499],
      [103, 3],
    ]);
  });

  test('none for none', () => {
    expect(holeWindows('1h', [])).toEqual([]);
  });

  test('cover every hole, hold at most a page, count what is missing in them, and no window could be spared', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 1200 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.constantFrom(...INTERVALS), pairs, (interval, own) => {
        const holes = holesOf(interval, own);
        const windows = holeWindows(interval, holes);
        const ranges = windows.map(({ range }) => range);
        for (const hole of holes) expect(subtractRanges(hole, ranges)).toEqual([]);
        for (const range of ranges) expect(countOpenTimes(interval, range)).toBeLessThanOrEqual(499);
        const candles = windows.reduce((sum, window) => sum + window.candles, 0);
        expect(candles).toBe(holes.reduce((sum, hole) => sum + countOpenTimes(interval, hole), 0));
        // The first open times of the windows are missing candles too far apart for any one page to have two.
        ranges.slice(1).forEach((range, index) => {
          expect(range.fromMs).toBeGreaterThanOrEqual(stepOpenTimes(interval, ranges[index]!.fromMs, 499));
        });
      }),
    );
  });

  test('within bounds: cut, sorted, on the grid, none twice', () => {
    const hour = 3_600_000;
    const bounds = { fromMs: FROM, toMs: FROM + 10 * hour };
    const ranges = [
      { fromMs: FROM + 8 * hour, toMs: FROM + 20 * hour },
      { fromMs: FROM - hour, toMs: FROM + 2 * hour },
      { fromMs: FROM + 11 * hour, toMs: FROM + 12 * hour },
      { fromMs: FROM + 3 * hour + 1, toMs: FROM + 4 * hour },
      { fromMs: FROM + 7 * hour, toMs: FROM + 9 * hour },
      { fromMs: FROM + 7 * hour, toMs: FROM + 8 * hour },
    ];
    expect(rangesWithin('1h', ranges, bounds)).toEqual([
      { fromMs: FROM, toMs: FROM + 2 * hour },
      { fromMs: FROM + 7 * hour, toMs: FROM + 9 * hour },
      { fromMs: FROM + 9 * hour, toMs: FROM + 10 * hour },
    ]);
  });
});
