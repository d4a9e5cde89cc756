import type { Listing, WireMarket } from './candle-source.ts';

// What exchangeInfo gives as the delivery date of a perpetual that goes on.
const NO_END_MS = 4_133_404_800_000;

interface ExchangeInfoInput {
  readonly market: WireMarket;
  readonly listings: readonly Listing[];
  readonly nowMs: number;
  readonly serverTimeMs: number;
  readonly weightLimit: number;
}

/** The JSON of exchangeInfo: the fields of the real one that say what is listed, since when, and how it is written. */
export function exchangeInfoJson(input: ExchangeInfoInput): string {
  const { market, listings, nowMs } = input;
  const listed = listings.filter((listing) => !listing.delisted && listing.onboardMs <= nowMs);
  const symbolOf = market === 'spot' ? spotSymbol : futuresSymbol;
  return JSON.stringify({
    timezone: 'UTC',
    serverTime: input.serverTimeMs,
    ...(market === 'um' ? { futuresType: 'U_MARGINED' } : {}),
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: input.weightLimit },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
    ],
    exchangeFilters: [],
    symbols: listed.map((listing) => symbolOf(listing, market, nowMs)),
  });
}

function futuresSymbol(listing: Listing, market: WireMarket, nowMs: number): object {
  const status = hasEnded(listing, nowMs) ? 'SETTLING' : 'TRADING';
  return {
    symbol: listing.symbol,
    pair: listing.pair,
    contractType: listing.contractType,
    deliveryDate: deliveryMs(listing, nowMs),
    onboardDate: listing.onboardMs,
    // COIN-M has another word for it.
    ...(market === 'cm' ? { contractStatus: status, contractSize: 100 } : { status }),
    baseAsset: listing.baseAsset,
    quoteAsset: listing.quoteAsset,
    marginAsset: market === 'cm' ? listing.baseAsset : listing.quoteAsset,
    pricePrecision: listing.priceDecimals,
    quantityPrecision: listing.quantityDecimals,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    filters: filters(listing),
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
  };
}

function spotSymbol(listing: Listing, _market: WireMarket, nowMs: number): object {
  return {
    symbol: listing.symbol,
    status: hasEnded(listing, nowMs) ? 'BREAK' : 'TRADING',
    baseAsset: listing.baseAsset,
    baseAssetPrecision: 8,
    quoteAsset: listing.quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: true,
    filters: filters(listing),
    permissions: [],
    permissionSets: [['SPOT', 'MARGIN']],
  };
}

function filters(listing: Listing): object[] {
  const tickSize = (listing.tickSteps / 10 ** listing.priceDecimals).toFixed(listing.priceDecimals);
  const stepSize = (1 / 10 ** listing.quantityDecimals).toFixed(listing.quantityDecimals);
  return [
    { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '4529764', tickSize },
    { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '1000000', stepSize },
    { filterType: 'MIN_NOTIONAL', notional: '5' },
  ];
}

function hasEnded(listing: Listing, nowMs: number): boolean {
  return listing.endMs !== undefined && listing.endMs <= nowMs;
}

function deliveryMs(listing: Listing, nowMs: number): number {
  // A perpetual's end is announced only shortly before; a dated contract's is known from the first day.
  const known = listing.contractType !== 'PERPETUAL' || hasEnded(listing, nowMs);
  return known ? (listing.endMs ?? NO_END_MS) : NO_END_MS;
}
