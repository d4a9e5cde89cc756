import { filterText, isSelected, parseSeriesFilter } from '../../lib/domain/series-filter.ts';

describe('parseSeriesFilter', () => {
  test('all symbols are the same as none named; a word that is left out stays out', () => {
    expect(parseSeriesFilter({})).toEqual({});
    expect(parseSeriesFilter({ symbols: ['all'] })).toEqual({});
    expect(parseSeriesFilter({ market: 'um', symbols: ['all'], interval: '1h' })).toEqual({
      market: 'um',
      interval: '1h',
    });
    expect(parseSeriesFilter({ symbols: ['BTCUSDT', 'ETHUSDT'] })).toEqual({ symbols: ['BTCUSDT', 'ETHUSDT'] });
  });

  test.each([[{ market: 'us' }], [{ symbols: ['BTC/USDT'] }], [{ interval: '7m' }]])('refuses %j', (words) => {
    expect(() => parseSeriesFilter(words)).toThrow(expect.objectContaining({ name: 'BadInput' }));
  });
});

describe('isSelected', () => {
  const BTC = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };

  test.each<[Parameters<typeof isSelected>[0], boolean]>([
    [{}, true],
    [{ market: 'um', symbols: ['ETHUSDT', 'BTCUSDT'], interval: '1h' }, true],
    [{ market: 'spot' }, false],
    [{ symbols: ['ETHUSDT'] }, false],
    [{ interval: '1d' }, false],
  ])('%j of a series: %s', (filter, expected) => {
    expect(isSelected(filter, BTC)).toBe(expected);
  });

  test('a stream of a whole market is of no symbol and no interval', () => {
    expect(isSelected({ market: 'um' }, { market: 'um' })).toBe(true);
    expect(isSelected({ symbols: ['BTCUSDT'] }, { market: 'um' })).toBe(false);
    expect(isSelected({ interval: '1h' }, { market: 'um' })).toBe(false);
  });
});

test('filterText has the words that are there', () => {
  expect(filterText({ market: 'um', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '15m' })).toBe('um BTCUSDT,ETHUSDT 15m');
  expect(filterText({ interval: '15m' })).toBe('15m');
  expect(filterText({})).toBe('');
});
