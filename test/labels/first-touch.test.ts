import fc from 'fast-check';
import { firstTouch, levelsOf } from '../../lib/labels/first-touch.ts';

/** Prices of which most are calm, so that whole blocks of 16 and 256 are skipped. */
const prices = fc
  .array(fc.tuple(fc.nat(600), fc.integer({ min: 1, max: 9 })), { maxLength: 12 })
  .map((jumps) => new Map(jumps));

test('firstTouch finds what a walk over every candle finds, and nothing at or beyond the end of its range', () => {
  fc.assert(
    fc.property(
      prices,
      prices,
      fc.tuple(fc.nat(600), fc.nat(600), fc.nat(600)),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (ups, downs, cuts, up, down) => {
        const [start, from, to] = cuts.sort((a, b) => a - b) as [number, number, number];
        const high = Float64Array.from({ length: 600 }, (_, i) => 100 + (ups.get(i) ?? 0));
        const low = Float64Array.from({ length: 600 }, (_, i) => 100 - (downs.get(i) ?? 0));
        let walked = from;
        while (walked < to && high[walked]! < 100 + up && low[walked]! > 100 - down) walked++;
        expect(firstTouch(levelsOf(high, low, start), 100 + up, 100 - down, from, to)).toBe(walked);
      },
    ),
    { numRuns: 500 },
  );
});
