import { rangeLabel, type Source } from '../../domain/chunk.ts';
import type { Stream } from '../../domain/stream.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { archiveSymbolFolder } from './archive-path.ts';

type ArchiveSource = Exclude<Source, 'rest'>;

/** The archive's folder of each stream that it has, and how often a file comes. Funding is monthly, open interest daily only. */
const FOLDERS = {
  funding: { folder: 'fundingRate', sources: ['archive_monthly'] },
  open_interest: { folder: 'metrics', sources: ['archive_daily'] },
  mark_candles: { folder: 'markPriceKlines', sources: ['archive_monthly', 'archive_daily'] },
} as const satisfies Partial<Record<Stream['name'], { folder: string; sources: readonly ArchiveSource[] }>>;

/** Sources of the archive that have the stream; none for what is told by REST alone. */
export function streamArchiveSources({ name }: Stream): readonly ArchiveSource[] {
  return name === 'instruments' ? [] : FOLDERS[name].sources;
}

/** `data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-`: every file of a stream begins so. */
export function streamFilePrefix(stream: Stream, source: ArchiveSource): string {
  const { name, market, symbol, interval } = stream;
  if (name === 'instruments' || symbol === undefined) throw new Error(`the archive has no files of ${name}`);
  const frequency = source === 'archive_monthly' ? 'monthly' : 'daily';
  return archiveSymbolFolder(market, frequency, FOLDERS[name].folder, symbol, interval);
}

/** Path of one file below the archive's base URL; its checksum is at the same path and `.CHECKSUM`. */
export function streamArchivePath(stream: Stream, source: ArchiveSource, range: TimeRange): string {
  return `${streamFilePrefix(stream, source)}${rangeLabel(source, range)}.zip`;
}
