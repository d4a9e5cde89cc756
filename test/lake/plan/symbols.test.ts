import type { ListedSymbol } from '../../../lib/exchange/venue.ts';
import type { ParsedRequest } from '../../../lib/lake/plan/plan-request.ts';
import type { ReachableExchange } from '../../../lib/lake/plan/probe-exchange.ts';
import { chooseSymbols } from '../../../lib/lake/plan/symbols.ts';

const listed = (symbol: string, inWholeMarket: boolean): ListedSymbol => ({
  symbol,
  inWholeMarket,
  life: { status: 'TRADING', listedMs: 0, settledMs: undefined } as unknown as ListedSymbol['life'],
});

/** An exchange that lists two symbols of the whole market, a dated contract and a name that no key can have. */
const REST = {
  symbols: [
    listed('BTCUSDT', true),
    listed('ETHUSDT', true),
    listed('BTCUSDT_240628', false),
    listed('../secret', true),
  ],
} as unknown as NonNullable<ReachableExchange['rest']>;

const ARCHIVED = ['BTCUSDT', 'BTCUSDT_240628', 'LUNAUSDT', 'a/b'];
const ARCHIVE = {
  symbols: async () => ARCHIVED,
  files: async ({ symbol }: { readonly symbol: string }, source: string) =>
    source === 'archive_daily' && ARCHIVED.includes(symbol) ? [{}] : [],
} as unknown as NonNullable<ReachableExchange['archive']>;

function choose(symbols: ParsedRequest['symbols'], reach: Partial<ReachableExchange>) {
  const request = { market: 'um', interval: '1h', symbols } as ParsedRequest;
  return chooseSymbols(request, { rest: undefined, archive: undefined, notices: [], ...reach });
}

const names = async (chosen: ReturnType<typeof choose>) => (await chosen).map(({ symbol }) => symbol);

describe('all', () => {
  test('is every symbol of the whole market that REST lists and a key can have: no dated contract', async () => {
    expect(await names(choose('all', { rest: REST, archive: ARCHIVE }))).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(await choose('all', { rest: REST })).toMatchObject([
      { rest: true, delisted: false, life: { listedMs: 0 } },
      {},
    ]);
  });

  test('is every archived symbol that a key can have, if REST is silent: no dated contract', async () => {
    const chosen = choose('all', { archive: ARCHIVE });
    expect(await names(chosen)).toEqual(['BTCUSDT', 'LUNAUSDT']);
    for (const one of await chosen) expect(one).toMatchObject({ rest: false, delisted: false, life: undefined });
  });
});

describe('a named symbol', () => {
  test('may be one outside the whole market; delisted is one that the archive alone has', async () => {
    expect(await choose(['BTCUSDT_240628', 'LUNAUSDT'], { rest: REST, archive: ARCHIVE })).toMatchObject([
      { symbol: 'BTCUSDT_240628', rest: true, delisted: false },
      { symbol: 'LUNAUSDT', rest: false, delisted: true },
    ]);
  });

  test('is not called delisted while REST is silent', async () => {
    expect(await choose(['BTCUSDT'], { archive: ARCHIVE })).toMatchObject([{ rest: false, delisted: false }]);
  });

  test.each<[string, Partial<ReachableExchange>, string]>([
    ['both', { rest: REST, archive: ARCHIVE }, 'BTCUSDT ETHUSDT BTCUSDT_240628'],
    ['REST alone', { rest: REST }, 'BTCUSDT ETHUSDT BTCUSDT_240628'],
    ['the archive alone', { archive: ARCHIVE }, 'BTCUSDT LUNAUSDT a/b'],
  ])('that %s lack is refused, with the nearest names first', async (_, reach, nearest) => {
    await expect(choose(['BTCUSD'], reach)).rejects.toMatchObject({
      name: 'BadInput',
      message: `symbol must be one that the exchange lists in market um, got 'BTCUSD', nearest are ${nearest}`,
    });
  });
});
