import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { UnexpectedFormat } from '../../../lib/domain/errors.ts';
import type { Market } from '../../../lib/domain/market.ts';
import type { ExchangeAccess } from '../../../lib/exchange/access.ts';
import { askServerTime, askSymbols } from '../../../lib/exchange/binance/exchange-info.ts';
import type { ListedSymbol } from '../../../lib/exchange/venue.ts';
import { testClock } from '../../support/clock.ts';
import { answering, exchangeAccess } from '../../support/exchange-access.ts';
import { describeWithRecordedData, recordedFile } from '../../support/recorded-data.ts';

function asking(body: Uint8Array | string): ExchangeAccess {
  return exchangeAccess(testClock(0), 'https://x', answering(body));
}

async function wholeMarket(market: Market, symbols: unknown[]): Promise<string[]> {
  const listed = await askSymbols(market, asking(JSON.stringify({ symbols })));
  return listed.filter((s) => s.inWholeMarket).map((s) => s.symbol);
}

describeWithRecordedData('askSymbols on what Binance answered on 4 July 2026', () => {
  let listed: ListedSymbol[];

  beforeAll(async () => {
    const packed = await readFile(recordedFile('futures-um/rest/2026-07-04/fapi-v1-exchangeInfo.json.gz'));
    listed = await askSymbols('um', asking(gunzipSync(packed)));
  });

  test('reads all symbols, and which of them are trading perpetuals', () => {
    expect(listed).toHaveLength(820);
    const names = listed.filter((s) => s.inWholeMarket).map((s) => s.symbol);
    expect(names).toHaveLength(573);
    expect(names).toEqual(expect.arrayContaining(['BTCUSDT', '1000PEPEUSDT', '币安人生USDT']));
    expect(names.some((name) => name.includes('_'))).toBe(false);
  });

  test('reads since when a symbol is listed', () => {
    expect(listed.find((s) => s.symbol === 'BTCUSDT')!.life).toEqual({
      status: 'TRADING',
      listedMs: 1_567_965_300_000,
    });
  });

  test('reads when a symbol was or will be settled; the delivery in 2100 of a perpetual is ignored', () => {
    const lives = new Map(listed.map((s) => [s.symbol, s.life]));
    expect(lives.get('FTMUSDT')).toEqual({
      status: 'SETTLING',
      listedMs: 1_600_930_800_000,
      settledMs: Date.parse('2025-01-06T09:00Z'),
    });
    expect(lives.get('BTCUSDT_260925')).toMatchObject({
      status: 'TRADING',
      settledMs: Date.parse('2026-09-25T08:00Z'),
    });
    const count = (status: string) => listed.filter((s) => s.life.status === status && s.life.settledMs).length;
    expect([count('SETTLING'), count('TRADING'), count('PENDING_TRADING')]).toEqual([123, 4, 0]);
  });
});

describe('askSymbols', () => {
  test('COIN-M says contractStatus', async () => {
    const symbols = [
      { symbol: 'BTCUSD_PERP', contractStatus: 'TRADING', contractType: 'PERPETUAL', onboardDate: 1 },
      { symbol: 'BTCUSD_260925', contractStatus: 'TRADING', contractType: 'CURRENT_QUARTER' },
      { symbol: 'OLDUSD_PERP', contractStatus: 'SETTLING', contractType: 'PERPETUAL' },
    ];
    expect(await wholeMarket('cm', symbols)).toEqual(['BTCUSD_PERP']);
  });

  test('spot has no contracts: all is what trades against USDT', async () => {
    const symbols = [
      { symbol: 'BTCUSDT', status: 'TRADING', quoteAsset: 'USDT' },
      { symbol: 'ETHBTC', status: 'TRADING', quoteAsset: 'BTC' },
      { symbol: 'LUNAUSDT', status: 'BREAK', quoteAsset: 'USDT' },
    ];
    expect(await wholeMarket('spot', symbols)).toEqual(['BTCUSDT']);
  });

  test.each([
    ['<html>', /must answer JSON, got '<html>'$/],
    ['{"symbols":[{"name":"BTCUSDT"}]}', /field symbols\.0\.symbol has an unknown form: /],
    ['[]', /exchangeInfo has an unknown form: /],
  ])('refuses %s', async (body, message) => {
    const asked = askSymbols('um', asking(body));
    await expect(asked).rejects.toThrow(UnexpectedFormat);
    await expect(asked).rejects.toThrow(message);
  });

  test('the time is a number of milliseconds that a date can hold', async () => {
    expect(await askServerTime('um', asking('{"serverTime":1783173617043}'))).toEqual({
      serverTimeMs: 1_783_173_617_043,
      httpDateMs: undefined,
    });
    await expect(askServerTime('um', asking('{"serverTime":1e300}'))).rejects.toThrow(UnexpectedFormat);
    await expect(askServerTime('um', asking('{"serverTime":"now"}'))).rejects.toThrow(/serverTime/);
  });
});
