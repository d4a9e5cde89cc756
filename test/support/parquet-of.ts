import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Paths of all Parquet files of a lake, below its root, in order. */
export function parquetPaths(lake: string): string[] {
  return readdirSync(lake, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.parquet'))
    .sort();
}

/**
 * sha256 of every Parquet file that a lake serves, by path: two lakes are the same where these are equal. What is kept of
 * versions before depends on when runs came by.
 */
export function parquetHashes(lake: string): Record<string, string> {
  return Object.fromEntries(
    parquetPaths(lake)
      .filter((path) => !path.startsWith('versions/'))
      .map((path) => [
        path,
        createHash('sha256')
          .update(readFileSync(join(lake, path)))
          .digest('hex'),
      ]),
  );
}

/** Rows of a Parquet file, read by a reader that shares no code with the writer. */
export async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return parquetReadObjects({ file, compressors });
}
