import { rangeLabel } from '../../domain/chunk.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Stream } from '../../domain/stream.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ArchiveSource } from '../archive-file.ts';
import { binanceMarket } from './markets.ts';
import { SOURCES } from './sources.ts';

/** Returns the sources of the archive that have the stream. */
export function archiveSources({ name }: Stream): readonly ArchiveSource[] {
  return SOURCES[name].archive?.sources ?? [];
}

/** Returns true if the archive has daily files of an interval. Three days and longer are archived monthly only. */
export function hasDailyArchive(interval: Interval): boolean {
  return !['3d', '1w', '1M'].includes(interval);
}

/** Returns the folder whose subfolders are the symbols ever archived: `data/futures/um/monthly/klines/`. */
export function archiveRoot(market: Market, source: ArchiveSource, name: keyof typeof SOURCES = 'candles'): string {
  const frequency = source === 'archive_monthly' ? 'monthly' : 'daily';
  return `data/${binanceMarket(market).archiveFolder}/${frequency}/${folderOf(name)}/`;
}

/** @throws Error if the archive has no such rows, so that nothing may ask for their files */
function folderOf(name: keyof typeof SOURCES): string {
  const { archive } = SOURCES[name];
  if (!archive) throw new Error(`the archive has no files of ${name}`);
  return archive.folder;
}

/**
 * Returns the beginning of every file's path: `data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-`. If there is an
 * interval, it is a folder, and replaces the kind in the name: `…/klines/BTCUSDT/15m/BTCUSDT-15m-`.
 */
export function archiveFilePrefix(of: Subject, source: ArchiveSource): string {
  const name = isStream(of) ? of.name : 'candles';
  const { market, symbol, interval } = of;
  const folder = `${archiveRoot(market, source, name)}${symbol}/`;
  if (interval === undefined) return `${folder}${symbol}-${folderOf(name)}-`;
  // The archive spells one interval differently from the REST API.
  const spelt = interval === '1M' ? '1mo' : interval;
  return `${folder}${spelt}/${symbol}-${spelt}-`;
}

/** Returns the path of one file below the archive's base URL. Its checksum has the same path and `.CHECKSUM`. */
export function archivePath(of: Subject, source: ArchiveSource, range: TimeRange): string {
  return `${archiveFilePrefix(of, source)}${rangeLabel(source, range)}.zip`;
}
