import { buffer } from 'node:stream/consumers';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/** The bytes of the only file in a zip. */
export async function unzipOne(zip: Buffer): Promise<Buffer> {
  const file = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(zip, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const entry = await new Promise<Entry>((resolve, reject) => {
    file.once('entry', resolve);
    file.once('error', reject);
    file.readEntry();
  });
  return new Promise((resolve, reject) =>
    file.openReadStream(entry, (error, stream) => (error ? reject(error) : buffer(stream).then(resolve, reject))),
  );
}
