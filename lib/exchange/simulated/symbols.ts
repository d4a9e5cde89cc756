import type { Listing, WireMarket } from './candle-source.ts';

/** A seeded symbol, and the habits of its trading. */
export interface SeededSymbol extends Listing {
  /** Price around which it moves, in the quote asset. */
  readonly price: number;
  /** Standard deviation of the return of a quiet minute. */
  readonly minuteSd: number;
  /** Mean volume of a minute in the base asset (COIN-M: in contracts). */
  readonly minuteVolume: number;
  /** Mean size of one trade, same unit. */
  readonly tradeSize: number;
  /** Share of minutes without any trade. */
  readonly idleShare: number;
  /** Quote asset a contract is worth; COIN-M only. */
  readonly contractSize?: number;
}

type Row = readonly [
  symbol: string,
  onboard: string,
  price: number,
  minuteSd: number,
  minuteVolume: number,
  tradeSize: number,
  priceDecimals: number,
  tickSteps: number,
  quantityDecimals: number,
  rest?: Partial<SeededSymbol>,
];

// Onboard dates, decimals and tick sizes of real symbols as exchangeInfo gave them in July 2026; the rest is made up
// to look like them.
const UM: readonly Row[] = [
  ['BTCUSDT', '2019-09-08T17:55Z', 42_000, 0.00042, 160, 0.08, 2, 10, 3],
  ['ETHUSDT', '2019-11-27T07:45Z', 2_300, 0.0005, 1_900, 0.9, 2, 1, 3],
  ['BNBUSDT', '2020-02-10T08:00Z', 410, 0.0006, 900, 2.5, 3, 10, 2],
  ['XRPUSDT', '2020-01-06T08:00Z', 0.72, 0.0007, 900_000, 2_500, 4, 1, 1],
  ['LTCUSDT', '2020-01-09T08:05Z', 92, 0.0007, 2_100, 7, 2, 1, 3],
  ['LINKUSDT', '2020-01-17T08:00Z', 14.6, 0.0008, 12_000, 40, 3, 1, 2],
  ['ADAUSDT', '2020-01-31T08:00Z', 0.61, 0.0008, 500_000, 1_700, 5, 10, 0],
  ['ALGOUSDT', '2020-06-16T09:00Z', 0.28, 0.0009, 52_000, 900, 4, 1, 1, { idleShare: 0.012 }],
  ['DOGEUSDT', '2020-07-10T09:00Z', 0.14, 0.0009, 3_400_000, 8_000, 6, 10, 0],
  ['SOLUSDT', '2020-09-14T07:00Z', 96, 0.0009, 16_000, 18, 4, 100, 2],
  ['FILUSDT', '2020-10-16T06:00Z', 6.1, 0.0009, 24_000, 55, 3, 1, 1],
  ['SUIUSDT', '2023-05-03T00:00Z', 1.7, 0.001, 160_000, 260, 6, 100, 1],
  ['1000PEPEUSDT', '2023-05-05T00:00Z', 0.0094, 0.0013, 21_000_000, 40_000, 7, 1, 0],
  ['BTCUSDC', '2024-01-03T12:30Z', 61_000, 0.0005, 18, 0.04, 1, 1, 3, { quoteAsset: 'USDC' }],
  ['龙虾USDT', '2026-03-11T11:30Z', 0.012, 0.0016, 900_000, 9_000, 7, 10, 0, { idleShare: 0.03 }],
  ['FTMUSDT', '2020-09-24T07:00Z', 0.55, 0.001, 300_000, 900, 6, 100, 0, { endMs: Date.parse('2025-01-06T09:00Z') }],
  [
    'LUNAUSDT',
    '2020-08-24T07:00Z',
    38,
    0.0012,
    30_000,
    60,
    4,
    10,
    0,
    { endMs: Date.parse('2022-05-13T01:30Z'), delisted: true },
  ],
  [
    'BTCUSDT_260925',
    '2026-03-27T08:00Z',
    71_000,
    0.0005,
    2,
    0.03,
    1,
    1,
    3,
    {
      pair: 'BTCUSDT',
      baseAsset: 'BTC',
      contractType: 'CURRENT_QUARTER',
      endMs: Date.parse('2026-09-25T08:00Z'),
      idleShare: 0.02,
    },
  ],
];

const SPOT: readonly Row[] = [
  ['BTCUSDT', '2017-08-17T04:00Z', 42_000, 0.00042, 34, 0.02, 8, 1_000_000, 8],
  ['ETHUSDT', '2017-08-17T04:00Z', 2_300, 0.0005, 520, 0.4, 8, 1_000_000, 8],
  ['BNBUSDT', '2017-11-06T03:54Z', 410, 0.0006, 160, 0.9, 8, 1_000_000, 8],
  ['SOLUSDT', '2020-08-11T06:00Z', 96, 0.0009, 4_200, 6, 8, 1_000_000, 8],
];

const CM: readonly Row[] = [
  ['BTCUSD_PERP', '2020-08-11T03:00Z', 42_000, 0.00042, 9_000, 60, 1, 1, 0, { quoteAsset: 'USD', contractSize: 100 }],
  ['ETHUSD_PERP', '2020-08-18T07:00Z', 2_300, 0.0005, 21_000, 90, 2, 1, 0, { quoteAsset: 'USD', contractSize: 10 }],
];

function toSymbol(row: Row): SeededSymbol {
  const [symbol, onboard, price, minuteSd, minuteVolume, tradeSize, priceDecimals, tickSteps, quantityDecimals] = row;
  const rest = row[9] ?? {};
  const pair = rest.pair ?? symbol.replace(/_PERP$/, '');
  const quoteAsset = rest.quoteAsset ?? 'USDT';
  return {
    symbol,
    pair,
    baseAsset: pair.slice(0, -quoteAsset.length),
    quoteAsset,
    contractType: 'PERPETUAL',
    onboardMs: Date.parse(onboard),
    price,
    minuteSd,
    minuteVolume,
    tradeSize,
    priceDecimals,
    tickSteps,
    quantityDecimals,
    idleShare: 0,
    ...rest,
  };
}

/** The symbols of the seeded exchange. */
export const SYMBOLS: Readonly<Record<WireMarket, readonly SeededSymbol[]>> = {
  um: UM.map(toSymbol),
  spot: SPOT.map(toSymbol),
  cm: CM.map(toSymbol),
};
