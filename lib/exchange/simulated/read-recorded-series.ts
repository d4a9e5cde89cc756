import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BadInput, UnexpectedFormat } from '../../domain/errors.ts';
import { parseInterval } from '../../domain/interval.ts';
import type { WireMarket } from './candle-source.ts';
import type { RecordedSeries } from './recorded-candles.ts';
import { unzipOne } from './unzip-one.ts';

/**
 * Reads recorded candles in the archive's 12 columns from `.csv`, `.csv.gz` or `.zip`; symbol and interval come from
 * the file's name (`BTCUSDT-15m-….csv.gz`). A zip with its `.CHECKSUM` beside it is served byte for byte.
 * @throws UnexpectedFormat if a row does not have 12 columns.
 */
export async function readRecordedSeries(path: string, market: WireMarket): Promise<RecordedSeries> {
  const fileName = basename(path);
  const match = /^([^-]+)-([^-]+)-.*\.(csv|csv\.gz|zip)$/.exec(fileName);
  if (!match) throw new BadInput(`recorded file must be named like BTCUSDT-15m-2024-01.csv.gz, got '${fileName}'`);
  const [, symbol, word, ending] = match as unknown as [string, string, string, string];
  const bytes = await readFile(path);
  const csv = ending === 'zip' ? await unzipOne(bytes) : ending === 'csv.gz' ? gunzipSync(bytes) : bytes;
  const rows = rowsOf(csv.toString(), fileName);
  const series = { market, symbol, interval: parseInterval(word === '1mo' ? '1M' : word), rows };
  const checksumPath = `${path}.CHECKSUM`;
  if (ending !== 'zip' || !existsSync(checksumPath)) return series;
  return { ...series, official: { fileName, zip: bytes, checksum: await readFile(checksumPath) } };
}

function rowsOf(csv: string, fileName: string): string[] {
  const lines = csv.split(/\r?\n/).filter((line) => line !== '');
  if (/^[a-z]/i.test(lines[0] ?? '')) lines.shift();
  return lines.map((line, i) => {
    const fields = line.split(',');
    if (fields.length !== 12) {
      throw new UnexpectedFormat(`row ${i + 1} of ${fileName} has ${fields.length} fields, expected 12`);
    }
    // Spot files since 2025 have microseconds; REST never has.
    if (fields[0].length < 16) return line;
    fields[0] = fields[0].slice(0, -3);
    fields[6] = fields[6].slice(0, -3);
    return fields.join(',');
  });
}
