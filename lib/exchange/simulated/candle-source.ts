import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { StreamKind } from './stream-kind.ts';

/** A market as the exchange knows it; simulated candles are served as `um`. */
export type WireMarket = Exclude<Market, 'sim'>;

export interface WireSeries {
  readonly market: WireMarket;
  readonly symbol: string;
  readonly interval: Interval;
}

/** A symbol, as exchangeInfo and the archive need it. */
export interface Listing {
  readonly symbol: string;
  readonly pair: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly contractType: 'PERPETUAL' | 'CURRENT_QUARTER';
  readonly onboardMs: number;
  /** When trading ended or will end; perpetuals have none. */
  readonly endMs?: number;
  /** True if it is delisted: REST does not list it, and its files stay in the archive. */
  readonly delisted?: boolean;
  /** Decimals that prices and quantities are written with, and the price step as a multiple of the last decimal. */
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly tickSteps: number;
}

/**
 * The source of the exchange's candles. A row is one line of the archive's CSV, all 12 columns, times in milliseconds.
 * The archive and REST both serve these texts, so that they agree to the last digit.
 */
export interface CandleSource {
  /** Tells sources with different candles apart; part of the ETags. */
  readonly revision: string;
  listings(market: WireMarket): readonly Listing[];
  /** Whether it has at least one candle of the series that opens in the range. */
  has(series: WireSeries, range: TimeRange): boolean;
  /** Span of the series' open times, half-open. Undefined if it has none. */
  extent(series: WireSeries): TimeRange | undefined;
  /** Rows whose open time is in the range, ascending. */
  rows(series: WireSeries, range: TimeRange): string[];
  /** A file that is served byte for byte instead of being made from rows, if there is one. */
  officialFile?(path: string): OfficialFile | undefined;
  /** True if the number of files is small enough to build them all for the sizes in a listing. */
  readonly fewFiles: boolean;
  /** Files other than candles that its archive does not have, or no longer. */
  readonly withdrawn?: readonly StreamKind[];
}

export interface OfficialFile {
  readonly zip: Uint8Array;
  readonly checksum: Uint8Array;
}

/** Open time of a row, epoch milliseconds. */
export function openTimeOf(row: string): number {
  return Number(row.slice(0, row.indexOf(',')));
}
