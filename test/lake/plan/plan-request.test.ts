import { BadInput } from '../../../lib/domain/errors.ts';
import type { WatchList } from '../../../lib/domain/watch-list.ts';
import type { PlanRequest } from '../../../lib/lake/plan/contract.ts';
import { parseRequest, wantedRange } from '../../../lib/lake/plan/plan-request.ts';

const DEFAULTS: WatchList = { market: 'um', symbols: ['BTCUSDT'], interval: '15m', period: '1y' };
const NOW = Date.parse('2024-06-15T12:07:30Z');

describe('parseRequest', () => {
  test('fills what is left out from the watch list', () => {
    expect(parseRequest({}, DEFAULTS)).toEqual({
      market: 'um',
      interval: '15m',
      symbols: ['BTCUSDT'],
      period: '1y',
      fromMs: undefined,
      toMs: undefined,
      streams: false,
      archiveOnly: false,
    });
    expect(parseRequest({ streams: true }, DEFAULTS).streams).toBe(true);
    expect(parseRequest({ archiveOnly: true }, DEFAULTS).archiveOnly).toBe(true);
    expect(parseRequest({}, { ...DEFAULTS, archiveOnly: true }).archiveOnly).toBe(true);
    expect(parseRequest({ archiveOnly: false }, { ...DEFAULTS, archiveOnly: true }).archiveOnly).toBe(false);
  });

  test('spells symbols as the exchange does, each once, and knows all', () => {
    expect(parseRequest({ symbols: ['ethusdt', ' BTCUSDT', 'ETHUSDT'] }, DEFAULTS).symbols).toEqual([
      'ETHUSDT',
      'BTCUSDT',
    ]);
    expect(parseRequest({ symbols: ['ALL'] }, DEFAULTS).symbols).toBe('all');
  });

  const bad: [string, unknown, RegExp][] = [
    ['an unknown interval', { interval: '7m' }, /^interval must be one of 1m 3m .*, got '7m'$/],
    ['streams in words', { streams: 'yes' }, /^streams must be true or false, got "yes"$/],
    ['archiveOnly in words', { archiveOnly: 'yes' }, /^archiveOnly must be true or false, got "yes"$/],
    ['an unknown market', { market: 'fx' }, /^market must be one of um, cm, spot, sim, got 'fx'$/],
    ['an unknown period', { period: '1 fortnight' }, /^period must be .*30d.*, got '1 fortnight'$/],
    ['a period of nothing', { period: '0d' }, /^period .*got '0d'$/],
    [
      'both period and from',
      { period: '1y', from: '2024-01-01' },
      /^range must be given by period or by from, got both/,
    ],
    ['from at to', { from: '2024-01-01', to: '2024-01-01' }, /^from must be before to, got from '2024-01-01' and to/],
    ['from after to', { from: '2024-02-01', to: '2024-01-01' }, /^from must be before to/],
    ['a day that does not exist', { from: '2024-02-30' }, /^from must be an ISO date .*got '2024-02-30'$/],
    ['no symbols', { symbols: [] }, /^symbols must be at least one name/],
    ['all and others', { symbols: ['all', 'BTCUSDT'] }, /^symbols must be names or 'all' alone/],
    ['a symbol that could leave the lake', { symbols: ['../x'] }, /^symbol must be letters, digits and _/],
    ['an unknown field', { simbols: ['BTCUSDT'] }, /^request field must be one of market symbols .*got 'simbols'$/],
    ['symbols as text', { symbols: 'BTCUSDT' }, /^symbols must be an array of names, got "BTCUSDT"$/],
    ['no object', null, /^request must be an object, got null$/],
  ];
  test.each(bad)('refuses %s', (_, request, message) => {
    const parse = (): unknown => parseRequest(request as PlanRequest, DEFAULTS);
    expect(parse).toThrow(BadInput);
    expect(parse).toThrow(message);
  });
});

describe('wantedRange', () => {
  const range = (request: PlanRequest, asOfMs = NOW): string[] => {
    const { fromMs, toMs } = wantedRange(parseRequest(request, DEFAULTS), asOfMs);
    return [new Date(fromMs).toISOString().slice(0, 16), new Date(toMs).toISOString().slice(0, 16)];
  };

  test('is cut to candles that have closed, whose opening is at or after from and before to', () => {
    expect(range({ period: '1y' })).toEqual(['2023-06-15T12:00', '2024-06-15T12:00']);
    expect(range({ from: '2024-06-01T00:01Z' })).toEqual(['2024-06-01T00:15', '2024-06-15T12:00']);
    expect(range({ from: '2024-06-01', to: '2024-06-02T00:01Z' })).toEqual(['2024-06-01T00:00', '2024-06-02T00:15']);
    expect(range({ period: '2d', to: '2024-06-03' })).toEqual(['2024-06-01T00:00', '2024-06-03T00:00']);
    expect(range({ from: '2024-06-01', to: '2030-01-01' })).toEqual(['2024-06-01T00:00', '2024-06-15T12:00']);
    expect(range({ period: '1meses', interval: '1w' })).toEqual(['2024-05-13T00:00', '2024-06-10T00:00']);
  });

  test('a candle that closed within the margin of two seconds is not wanted yet', () => {
    const close = Date.parse('2024-06-15T12:00:00Z');
    expect(range({ period: '1d' }, close + 1_999)[1]).toBe('2024-06-15T11:45');
    expect(range({ period: '1d' }, close + 2_000)[1]).toBe('2024-06-15T12:00');
  });

  test('refuses the future, and a range without a closed candle', () => {
    expect(() => range({ from: '2025-01-01' })).toThrow(
      'range must begin before now, 2024-06-15T12:07:30Z, got from 2025-01-01T00:00:00Z',
    );
    expect(() => range({ from: '2024-06-15T12:01Z' })).toThrow(
      /^range must hold a closed 15m candle as of .*, got from/,
    );
    expect(() => range({ period: '1d', to: '2030-01-01' })).toThrow(BadInput);
  });
});
