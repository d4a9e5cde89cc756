import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { DAY_MS } from '../../domain/time-range.ts';
import type { ArchiveFile } from './archive-files.ts';

/** The details of archive files that changed over the years. */
export interface ArchiveFormat {
  /** Header row: as the real archive does (futures files from June 2022 on), or in all files, or in none. */
  readonly header: 'by_date' | 'always' | 'never';
  /** Spot times in microseconds: as the real archive does (from 2025-01-01 on), or in all spot files, or in none. */
  readonly spotMicroseconds: 'by_date' | 'always' | 'never';
}

const HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';
const HEADERS_SINCE = Date.UTC(2022, 5, 1);
const MICROSECONDS_SINCE = Date.UTC(2025, 0, 1);

/** Text of the CSV inside a zip. */
export function archiveCsv(file: ArchiveFile, rows: readonly string[], format: ArchiveFormat): string {
  const { market } = file.series;
  const headed =
    format.header === 'by_date' ? market !== 'spot' && file.range.fromMs >= HEADERS_SINCE : format.header === 'always';
  const micro =
    market === 'spot' &&
    (format.spotMicroseconds === 'by_date'
      ? file.range.fromMs >= MICROSECONDS_SINCE
      : format.spotMicroseconds === 'always');
  const lines = micro ? rows.map(toMicroseconds) : rows;
  return `${headed ? `${HEADER}\n` : ''}${lines.length > 0 ? `${lines.join('\n')}\n` : ''}`;
}

function toMicroseconds(row: string): string {
  const fields = row.split(',');
  fields[0] += '000';
  fields[6] += '999';
  return fields.join(',');
}

/** Zips one CSV; the same text gives the same bytes, whatever the time or the time zone of the machine. */
export async function archiveZip(file: ArchiveFile, csv: string): Promise<Buffer> {
  const zip = new ZipFile();
  const name = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/zip$/, 'csv');
  // DOS times have no zone: yazl writes the local components, so a local midnight is the same bytes everywhere.
  const mtime = new Date(2020, 0, 1);
  zip.addBuffer(Buffer.from(csv), name, { mtime, forceDosTimestamp: true, compressionLevel: 3 });
  zip.end();
  return buffer(zip.outputStream);
}

/** Text of the `.CHECKSUM` beside a zip, as sha256sum writes it, but without the line end. */
export function checksumText(file: ArchiveFile, zip: Uint8Array): string {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return `${createHash('sha256').update(zip).digest('hex')}  ${name}`;
}

/** Roughly the size of a zip, from its number of days: listings of seeded series would otherwise build every file. */
export function estimatedSizeBytes(file: ArchiveFile, candleMs: number): number {
  const days = (file.range.toMs - file.range.fromMs) / DAY_MS;
  return 350 + Math.round(((days * DAY_MS) / candleMs) * 48);
}
