import { dollars, sampleSize, splitNames, wholeNumber } from '../../lib/cli/options.ts';

const REFUSED = expect.objectContaining({ code: 'commander.invalidArgument' });

describe('a sample', () => {
  test('is a number of days, or all of them', () => {
    expect(sampleSize('all')).toBe('all');
    expect(sampleSize('0')).toBe(0);
    expect(sampleSize('30')).toBe(30);
  });

  test.each(['', 'ALL', 'every', '-1', '1.5', '1e3', '1234567'])('%j is refused', (text) => {
    expect(() => sampleSize(text)).toThrow(REFUSED);
  });
});

describe('an amount of dollars', () => {
  test('is above 0, with or without cents', () => {
    expect(dollars('25')).toBe(25);
    expect(dollars('0.5')).toBe(0.5);
  });

  test.each(['', ' ', '0', '-1', 'Infinity', '$5', 'much'])('%j is refused', (text) => {
    expect(() => dollars(text)).toThrow(REFUSED);
  });
});

describe('a whole number', () => {
  const read = wholeNumber(1, 1000);

  test('may be the least and the most', () => {
    expect([read('1'), read('1000')]).toEqual([1, 1000]);
  });

  test.each(['', ' ', '0', '1001', '1.5', 'many'])('%j is refused', (text) => {
    expect(() => read(text)).toThrow(REFUSED);
  });
});

describe('names', () => {
  test('are separated by commas, and spaces around them do not count', () => {
    expect(splitNames('BTCUSDT, ETHUSDT')).toEqual(['BTCUSDT', 'ETHUSDT']);
  });

  test.each(['', 'BTCUSDT,', ',BTCUSDT', 'BTCUSDT, ,ETHUSDT'])('%j has an empty one', (text) => {
    expect(() => splitNames(text)).toThrow(REFUSED);
  });
});
