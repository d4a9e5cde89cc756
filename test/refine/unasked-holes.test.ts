import type { LandingId } from '../../lib/domain/keys.ts';
import type { Series } from '../../lib/domain/series.ts';
import { unaskedHoles } from '../../lib/refine/unasked-holes.ts';

const HOUR = 3_600_000;
const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const FROM = Date.UTC(2024, 1, 1);
const END = Date.UTC(2024, 2, 1);
const SHA = 'a'.repeat(64);
const MONTH: LandingId = { series: SERIES, source: 'archive_monthly', range: { fromMs: FROM, toMs: END }, sha256: SHA };

const rest = (from: number, to: number): LandingId => ({
  ...MONTH,
  source: 'rest',
  range: { fromMs: FROM + from * HOUR, toMs: FROM + to * HOUR },
});

/** Open times of the month but those hours. */
function without(...hours: number[]): Float64Array {
  const all = Array.from({ length: 29 * 24 }, (_, hour) => hour).filter((hour) => !hours.includes(hour));
  return Float64Array.from(all, (hour) => FROM + hour * HOUR);
}

const hours = (inputs: readonly LandingId[], openTimes: Float64Array) =>
  unaskedHoles(SERIES, '2024', inputs, openTimes).map((r) => [(r.fromMs - FROM) / HOUR, (r.toMs - FROM) / HOUR]);

test('are what the archive covers without a candle, at its ends too', () => {
  expect(hours([MONTH], without())).toEqual([]);
  expect(hours([MONTH], without(0, 5, 6, 7, 695))).toEqual([
    [0, 1],
    [5, 8],
    [695, 696],
  ]);
});

test('less what REST was asked for', () => {
  expect(hours([MONTH, rest(6, 7)], without(5, 6, 7, 9))).toEqual([
    [5, 6],
    [7, 8],
    [9, 10],
  ]);
});

test('are none where no archive file is', () => {
  expect(hours([rest(0, 10)], without(5))).toEqual([]);
  expect(hours([], without(5))).toEqual([]);
});

test('of files that overlap are told once, and of another period not at all', () => {
  const day: LandingId = { ...MONTH, source: 'archive_daily', range: { fromMs: FROM, toMs: FROM + 24 * HOUR } };
  expect(hours([day, MONTH], without(5))).toEqual([[5, 6]]);
  expect(unaskedHoles(SERIES, '2023', [MONTH], without(5))).toEqual([]);
});

test('are the first thousand', () => {
  const minutes: Series = { ...SERIES, interval: '1m' };
  const everyOther = Float64Array.from({ length: 20_000 }, (_, index) => FROM + index * 120_000);
  const holes = unaskedHoles(minutes, '2024-02', [{ ...MONTH, series: minutes }], everyOther);
  expect(holes).toHaveLength(1_000);
  expect(holes[999]).toEqual({ fromMs: FROM + 1999 * 60_000, toMs: FROM + 2000 * 60_000 });
});
