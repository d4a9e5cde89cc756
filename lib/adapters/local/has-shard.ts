import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { partitionsOf, type TableSchema } from '../../domain/table-schema.ts';
import { isAbsent } from './is-absent.ts';

/**
 * Returns true if a lake folder has a shard of a table. It stops at the first one, so that a large lake takes no longer
 * than a small one.
 * @param market only shards of this market count; of any market if it is left out
 */
export function hasShard(lake: string, schema: TableSchema, market?: string): Promise<boolean> {
  const file = `${schema.name}.parquet`;
  const isBelow = async (folder: string, [column, ...rest]: readonly string[]): Promise<boolean> => {
    if (column === undefined) return isFile(join(folder, file));
    const isGiven = column === 'market' && market !== undefined;
    for (const name of isGiven ? [`market=${market}`] : await namesIn(folder, `${column}=`)) {
      if (await isBelow(join(folder, name), rest)) return true;
    }
    return false;
  };
  return isBelow(join(lake, schema.name), partitionsOf(schema));
}

async function namesIn(folder: string, begin: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.startsWith(begin));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
