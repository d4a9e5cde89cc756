import type { Source } from '../../domain/chunk.ts';
import { rangeLabel } from '../../domain/chunk.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Series } from '../../domain/series.ts';
import type { TimeRange } from '../../domain/time-range.ts';

/** The archive's folders of each market. Simulated candles are served in the futures layout. */
const MARKET_FOLDER: Record<Market, string> = { um: 'futures/um', cm: 'futures/cm', spot: 'spot', sim: 'futures/um' };

/** The archive spells one interval differently from the REST API. */
function archiveInterval(interval: Interval): string {
  return interval === '1M' ? '1mo' : interval;
}

/** `data/futures/um/monthly/klines/`, the folder whose subfolders are the symbols ever archived. */
export function archiveRoot(market: Market, frequency: 'monthly' | 'daily'): string {
  return `data/${MARKET_FOLDER[market]}/${frequency}/klines/`;
}

/** `data/futures/um/monthly/klines/BTCUSDT/15m/BTCUSDT-15m-`: every file of a series begins so. */
export function archiveFilePrefix(series: Series, frequency: 'monthly' | 'daily'): string {
  const interval = archiveInterval(series.interval);
  return `${archiveRoot(series.market, frequency)}${series.symbol}/${interval}/${series.symbol}-${interval}-`;
}

/** Path of one archive file below the archive's base URL; its checksum is at the same path and `.CHECKSUM`. */
export function archivePath(series: Series, source: Exclude<Source, 'rest'>, range: TimeRange): string {
  const frequency = source === 'archive_monthly' ? 'monthly' : 'daily';
  return `${archiveFilePrefix(series, frequency)}${rangeLabel(source, range)}.zip`;
}

/**
 * `data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-`: every file of what the archive has besides candles.
 * Where there is an interval it is a folder, and stands in the names instead of the kind.
 */
export function archiveSymbolFolder(
  market: Market,
  frequency: 'monthly' | 'daily',
  kind: string,
  symbol: string,
  interval: Interval | undefined,
): string {
  const folder = `data/${MARKET_FOLDER[market]}/${frequency}/${kind}/${symbol}/`;
  if (interval === undefined) return `${folder}${symbol}-${kind}-`;
  return `${folder}${archiveInterval(interval)}/${symbol}-${archiveInterval(interval)}-`;
}

/** Intervals of three days and longer are archived monthly only. */
export function hasDailyArchive(interval: Interval): boolean {
  return !['3d', '1w', '1M'].includes(interval);
}
