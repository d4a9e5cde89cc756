import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { MemoryStore } from '../../lib/lake/memory-store.ts';
import { sha256Of } from './bytes.ts';

/** Returns the paths of all Parquet files of a lake, relative to its root, in order. */
export function parquetPaths(lake: string): string[] {
  return readdirSync(lake, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.parquet'))
    .sort();
}

/**
 * Returns the sha256 of every Parquet file that a lake serves, by path. Two lakes are the same if these are equal.
 * Earlier versions are left out, because it depends on the runs which of them are kept.
 */
export function parquetHashes(lake: string): Record<string, string> {
  const served = parquetPaths(lake).filter((path) => !path.startsWith('versions/'));
  return Object.fromEntries(served.map((path) => [path, sha256Of(readFileSync(join(lake, path)))]));
}

/** Returns the rows of Parquet bytes. The reader shares no code with the writer. */
export function parquetRows(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: Uint8Array.from(bytes).buffer, compressors });
}

/** Returns the rows of a Parquet file. */
export function readParquet(path: string): Promise<Record<string, unknown>[]> {
  return parquetRows(readFileSync(path));
}

/** Returns every candle of a lake by series and open time. Its values are one text, without its source. */
export async function candleValues(store: MemoryStore): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const [key, bytes] of store.objects) {
    if (!key.startsWith('candles/')) continue;
    const series = key.split('/').slice(1, -2).join('/');
    for (const row of await parquetRows(bytes)) {
      const { source, gap_before, ...rest } = row;
      values.set(`${series} ${(row['open_time'] as Date).toISOString()}`, Object.values(rest).map(String).join(' '));
    }
  }
  return values;
}
