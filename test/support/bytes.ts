import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** Returns the hash in lower-case hex. */
export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns a zip of one file. Its time is fixed, so the same text gives the same bytes. */
export async function zipOf(text: string, name = 'some.csv'): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(text), name, { mtime: new Date(2020, 0, 1), forceDosTimestamp: true });
  zip.end();
  return buffer(zip.outputStream);
}
