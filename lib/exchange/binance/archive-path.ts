import { rangeLabel } from '../../domain/chunk.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Stream, StreamName } from '../../domain/stream.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ArchiveSource } from '../archive-file.ts';
import { BINANCE_MARKETS } from './markets.ts';

interface ArchiveFolder {
  readonly folder: string;
  readonly sources: readonly ArchiveSource[];
}

const MONTHLY_AND_DAILY = ['archive_monthly', 'archive_daily'] as const;

/** The archive's folder of candles and of each stream, and how often it gets a file. REST alone has instruments. */
const FOLDERS: Readonly<Record<'candles' | StreamName, ArchiveFolder>> = {
  candles: { folder: 'klines', sources: MONTHLY_AND_DAILY },
  mark_candles: { folder: 'markPriceKlines', sources: MONTHLY_AND_DAILY },
  funding: { folder: 'fundingRate', sources: ['archive_monthly'] },
  open_interest: { folder: 'metrics', sources: ['archive_daily'] },
  instruments: { folder: '', sources: [] },
};

/** Returns the sources of the archive that have the stream. */
export function archiveSources({ name }: Stream): readonly ArchiveSource[] {
  return FOLDERS[name].sources;
}

/** Returns true if the archive has daily files of an interval. Three days and longer are archived monthly only. */
export function hasDailyArchive(interval: Interval): boolean {
  return !['3d', '1w', '1M'].includes(interval);
}

/** Returns the folder whose subfolders are the symbols ever archived: `data/futures/um/monthly/klines/`. */
export function archiveRoot(market: Market, source: ArchiveSource, name: keyof typeof FOLDERS = 'candles'): string {
  const frequency = source === 'archive_monthly' ? 'monthly' : 'daily';
  return `data/${BINANCE_MARKETS[market].archiveFolder}/${frequency}/${FOLDERS[name].folder}/`;
}

/**
 * Returns the beginning of every file's path: `data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-`. If there is an
 * interval, it is a folder, and replaces the kind in the name: `…/klines/BTCUSDT/15m/BTCUSDT-15m-`.
 */
export function archiveFilePrefix(of: Subject, source: ArchiveSource): string {
  const name = isStream(of) ? of.name : 'candles';
  const { market, symbol, interval } = of;
  if (symbol === undefined) throw new Error(`the archive has no files of ${name}`);
  const folder = `${archiveRoot(market, source, name)}${symbol}/`;
  if (interval === undefined) return `${folder}${symbol}-${FOLDERS[name].folder}-`;
  // The archive spells one interval differently from the REST API.
  const spelt = interval === '1M' ? '1mo' : interval;
  return `${folder}${spelt}/${symbol}-${spelt}-`;
}

/** Returns the path of one file below the archive's base URL. Its checksum has the same path and `.CHECKSUM`. */
export function archivePath(of: Subject, source: ArchiveSource, range: TimeRange): string {
  return `${archiveFilePrefix(of, source)}${rangeLabel(source, range)}.zip`;
}
