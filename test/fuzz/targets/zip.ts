import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { unzipCsv } from '../../../lib/exchange/binance/unzip.ts';
import { candleRows } from '../../support/candles.ts';
import type { FuzzTarget } from '../targets.ts';

/** An archive file. */
export async function zipTarget(): Promise<FuzzTarget> {
  const csv = Buffer.from(`${candleRows('1h', '2024-02-01T00:00Z', 24).join('\n')}\n`);
  const samples = [
    await zipOf({ 'a.csv': csv }, true),
    await zipOf({ 'a.csv': csv }, false),
    await zipOf({ 'a.csv': csv, 'b.csv': csv }, true),
    await zipOf({ 'a.csv': Buffer.alloc(3_000_000, '0') }, true),
    await zipOf({}, true),
  ];
  return {
    name: 'zip',
    samples,
    errors: ['CorruptObject', 'UnexpectedFormat'],
    read: (bytes) => unzipCsv(bytes, 'a.zip'),
  };
}

async function zipOf(files: Readonly<Record<string, Uint8Array>>, compress: boolean): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(2020, 0, 1);
  for (const [name, bytes] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(bytes), name, { compress, mtime, forceDosTimestamp: true });
  }
  zip.end();
  return (await buffer(zip.outputStream)) as Buffer;
}
