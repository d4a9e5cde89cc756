import fc from 'fast-check';
import { formatBytes, formatCount, formatDuration, formatMinute, plural } from '../../lib/domain/format-amount.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
  [12.6, '13'],
])('count %d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [0, '0 B'],
  [812, '812 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [4_120, '4.1 kB'],
  [99_949, '99.9 kB'],
  [99_950, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [12_300_000, '12.3 MB'],
  [1.2e9, '1.2 GB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('bytes are told within half a unit of their last digit', () => {
  const unit = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
  fc.assert(
    fc.property(fc.double({ min: 0, max: 9e14, noNaN: true }), (bytes) => {
      const [value, name] = formatBytes(bytes).split(' ') as [string, keyof typeof unit];
      const step = value.includes('.') ? 0.1 : 1;
      expect(Math.abs(Number(value) * unit[name] - bytes)).toBeLessThanOrEqual(0.51 * step * unit[name]);
      expect(value.length).toBeLessThanOrEqual(4);
    }),
  );
});

test.each([
  [0, '0.0 s'],
  [0.44, '0.4 s'],
  [9.94, '9.9 s'],
  [9.95, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [3599.4, '59 min 59 s'],
  [3599.6, '1 h 0 min'],
  [7500, '2 h 5 min'],
  [90_000, '25 h 0 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('one of a kind and several', () => {
  expect(plural(1, 'file')).toBe('1 file');
  expect(plural(0, 'file')).toBe('0 files');
  expect(plural(1234, 'file')).toBe('1,234 files');
  expect(plural(2, 'series', 'series')).toBe('2 series');
});

test('minutes are UTC', () => {
  expect(formatMinute(Date.UTC(2024, 1, 1, 12, 0, 59))).toBe('2024-02-01 12:00');
});

test('a count is the text of the machine’s own English', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (count) => {
      expect(formatCount(count)).toBe(Math.round(count).toLocaleString('en-US'));
    }),
  );
});
