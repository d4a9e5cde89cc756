import { crc32, inflateRawSync } from 'node:zlib';
import yauzl from 'yauzl';
import { CorruptObject, UnexpectedFormat } from '../../domain/errors.ts';

/** Ten times the size of the largest archive file of one month. A zip that claims more is not an archive file. */
const MAX_CSV_BYTES = 64 * 1024 * 1024;

const STORED = 0;
const DEFLATED = 8;

/**
 * Returns the bytes of the only CSV file in an archive zip, and checks its CRC. `name` is for messages.
 * @throws CorruptObject if the zip is damaged, UnexpectedFormat if it is an intact zip of something else
 */
export async function unzipCsv(zip: Uint8Array, name: string): Promise<Uint8Array> {
  const file = await openZip(zip, name);
  try {
    const entries = await listEntries(file, name);
    const entry = entries[0];
    if (entries.length !== 1 || !entry?.fileName.endsWith('.csv')) {
      const inside = entries.map((e) => e.fileName).slice(0, 3);
      throw new UnexpectedFormat(`${name} holds ${entries.length} files (${inside.join(', ')}), expected one .csv`);
    }
    if (entry.uncompressedSize > MAX_CSV_BYTES) {
      throw new UnexpectedFormat(
        `${name} unpacks to ${entry.uncompressedSize} bytes, expected at most ${MAX_CSV_BYTES}`,
      );
    }
    const csv = inflate(await rawBytes(file, entry, name), entry, name);
    const crc = crc32(csv);
    if (crc !== entry.crc32)
      throw new CorruptObject(`${name} has CRC ${hex(crc)} inside, expected ${hex(entry.crc32)}`);
    return csv;
  } finally {
    file.close();
  }
}

function openZip(zip: Uint8Array, name: string): Promise<yauzl.ZipFile> {
  const buffer = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(buffer, { lazyEntries: true, autoClose: false }, (error, file) => {
      if (error) reject(damaged(name, error));
      else resolve(file);
    });
  });
}

function listEntries(file: yauzl.ZipFile, name: string): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    file.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry);
      // More than one is already wrong. A zip of a million entries is not read to its end.
      if (entries.length > 8) resolve(entries);
      else file.readEntry();
    });
    file.on('end', () => resolve(entries));
    file.on('error', (error: Error) => reject(damaged(name, error)));
    file.readEntry();
  });
}

/** Returns the compressed bytes of an entry. Inflating them in one call is twice as fast as yauzl's stream. */
function rawBytes(file: yauzl.ZipFile, entry: yauzl.Entry, name: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    file.openReadStream(entry, { decompress: entry.compressionMethod === DEFLATED ? false : null }, (error, stream) => {
      if (error) {
        reject(damaged(name, error));
        return;
      }
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => resolve(Buffer.concat(parts)));
      stream.on('error', (cause: Error) => reject(damaged(name, cause)));
    });
  });
}

function inflate(raw: Buffer, entry: yauzl.Entry, name: string): Uint8Array {
  if (entry.compressionMethod === STORED) return raw;
  if (entry.compressionMethod !== DEFLATED) {
    throw new UnexpectedFormat(
      `${name} is compressed by method ${entry.compressionMethod}, expected ${DEFLATED} (deflate)`,
    );
  }
  let csv: Buffer;
  try {
    const size = Math.max(64, entry.uncompressedSize);
    // One large chunk. By default there are thousands of small ones that have to be joined.
    csv = inflateRawSync(raw, { maxOutputLength: size, chunkSize: size });
  } catch (cause) {
    throw damaged(name, cause as Error);
  }
  if (csv.length !== entry.uncompressedSize) {
    throw new CorruptObject(`${name} unpacks to ${csv.length} bytes, expected ${entry.uncompressedSize}`);
  }
  return csv;
}

function damaged(name: string, cause: Error): CorruptObject {
  return new CorruptObject(`${name} is not a whole zip: ${cause.message}`, { cause });
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
