import { ceilOpenTime, nextOpenTime } from '../../domain/interval.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { type CandleSource, type Listing, openTimeOf, type WireMarket, type WireSeries } from './candle-source.ts';

/** The life of one instrument. A symbol that was given to two of them, one after the other, has two. */
export interface Instrument {
  readonly symbol: string;
  readonly market?: WireMarket;
  /** Symbol of the source whose candles it has; its own where left out. */
  readonly like?: string;
  readonly listedMs: number;
  readonly settledMs?: number;
  /** The end of the frozen rows with the last price after settlement. Default: there are no such rows. */
  readonly frozenUntilMs?: number;
  /** True if it is delisted: REST does not list it, and its files stay in the archive. */
  readonly gone?: boolean;
}

/** The source with instruments of such lives instead of its own symbols of the same names, or besides them. */
export function withInstruments(source: CandleSource, instruments: readonly Instrument[]): CandleSource {
  const lives = (market: WireMarket, symbol: string) =>
    instruments
      .filter((one) => (one.market ?? 'um') === market && one.symbol === symbol)
      .sort((a, b) => a.listedMs - b.listedMs);

  function listings(market: WireMarket): Listing[] {
    const own = instruments.filter((one) => (one.market ?? 'um') === market);
    const names = [...new Set(own.map((one) => one.symbol))];
    const others = source.listings(market).filter(({ symbol }) => !names.includes(symbol));
    return [...others, ...names.map((symbol) => listingOf(lives(market, symbol).at(-1)!, source.listings(market)))];
  }

  function extent(series: WireSeries): TimeRange | undefined {
    const own = lives(series.market, series.symbol);
    if (own.length === 0) return source.extent(series);
    const ends = own.map(({ settledMs, frozenUntilMs }) => frozenUntilMs ?? settledMs ?? Number.POSITIVE_INFINITY);
    const last = source.extent(likeOf(own.at(-1)!, series));
    const toMs = Math.min(Math.max(...ends), last?.toMs ?? 0);
    const fromMs = Math.min(...own.map((one) => one.listedMs));
    return { fromMs: ceilOpenTime(series.interval, fromMs), toMs: ceilOpenTime(series.interval, toMs) };
  }

  function rows(series: WireSeries, range: TimeRange): string[] {
    const own = lives(series.market, series.symbol);
    if (own.length === 0) return source.rows(series, range);
    return own.flatMap((one, index) => {
      const nextMs = own[index + 1]?.listedMs ?? Number.POSITIVE_INFINITY;
      return rowsOf(source, one, likeOf(one, series), { ...range, toMs: Math.min(range.toMs, nextMs) });
    });
  }

  return {
    // Being struck off changes no file.
    revision: `${source.revision} ${JSON.stringify(instruments.map(({ gone, ...life }) => life))}`,
    fewFiles: source.fewFiles,
    listings,
    extent,
    has(series, range) {
      const own = lives(series.market, series.symbol);
      if (own.length === 0) return source.has(series, range);
      return own.some(({ listedMs, settledMs, frozenUntilMs }) => {
        const fromMs = ceilOpenTime(series.interval, Math.max(range.fromMs, listedMs));
        return fromMs < Math.min(range.toMs, frozenUntilMs ?? settledMs ?? Number.POSITIVE_INFINITY);
      });
    },
    rows,
  };
}

function likeOf({ like, symbol }: Instrument, series: WireSeries): WireSeries {
  return { ...series, symbol: like ?? symbol };
}

/** Returns its rows from listing to settlement, and then the frozen rows with its last price. */
function rowsOf(source: CandleSource, one: Instrument, like: WireSeries, range: TimeRange): string[] {
  const settledMs = ceilOpenTime(like.interval, one.settledMs ?? range.toMs);
  const trading = {
    fromMs: ceilOpenTime(like.interval, Math.max(range.fromMs, one.listedMs)),
    toMs: Math.min(range.toMs, settledMs),
  };
  const rows = trading.fromMs < trading.toMs ? source.rows(like, trading) : [];
  const toMs = Math.min(range.toMs, one.frozenUntilMs ?? settledMs);
  if (range.toMs <= settledMs || toMs <= settledMs) return rows;
  const last = source.rows(like, {
    fromMs: settledMs - (nextOpenTime(like.interval, settledMs) - settledMs),
    toMs: settledMs,
  });
  const price = last.at(-1)?.split(',')[4] ?? '1';
  const frozen: string[] = [];
  const firstMs = ceilOpenTime(like.interval, Math.max(range.fromMs, settledMs));
  for (let openMs = firstMs; openMs < toMs; openMs = nextOpenTime(like.interval, openMs)) {
    frozen.push(
      [openMs, price, price, price, price, 0, nextOpenTime(like.interval, openMs) - 1, 0, 0, 0, 0, 0].join(','),
    );
  }
  return [...rows, ...frozen];
}

function listingOf(one: Instrument, listings: readonly Listing[]): Listing {
  const like = listings.find(({ symbol }) => symbol === (one.like ?? one.symbol))!;
  const { endMs, delisted, ...rest } = like;
  return {
    ...rest,
    symbol: one.symbol,
    pair: one.symbol,
    baseAsset: one.symbol.slice(0, -like.quoteAsset.length),
    onboardMs: one.listedMs,
    ...(one.settledMs === undefined ? {} : { endMs: one.settledMs }),
    ...(one.gone ? { delisted: true } : {}),
  };
}

/** The source without the rows of a range: neither the archive nor REST has them. */
export function withoutRows(source: CandleSource, symbol: string, hole: TimeRange): CandleSource {
  return {
    ...source,
    revision: `${source.revision} without ${symbol} ${hole.fromMs}-${hole.toMs}`,
    rows(series, range) {
      const rows = source.rows(series, range);
      if (series.symbol !== symbol) return rows;
      return rows.filter((row) => openTimeOf(row) < hole.fromMs || openTimeOf(row) >= hole.toMs);
    },
  };
}
