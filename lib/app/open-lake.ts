import { existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import { folderObjectStore, removeAbandonedWrites } from '../adapters/local/folder-object-store.ts';
import { BadInput } from '../domain/errors.ts';
import { databaseName } from '../domain/lake-name.ts';
import type { Catalogue, PrunableStore, StreamingQueryEngine } from '../ports.ts';

const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/;

/**
 * Returns the bucket of an `s3://bucket` URL, or undefined for a folder.
 * @throws BadInput for another URL or no name
 */
function bucketOf(lake: string): string | undefined {
  const bucket = S3_URL.exec(lake)?.[1];
  // An empty name, such as that of an unset shell variable, would be the current folder.
  if (!bucket && (lake.trim() === '' || /^[a-z0-9]+:\/\//i.test(lake))) {
    throw new BadInput(`lake must be a folder or s3://bucket, got '${lake}'`);
  }
  return bucket;
}

/** Opens the lake's objects. Adapters of AWS are loaded only for a lake on S3. */
export async function openStore(lake: string): Promise<PrunableStore> {
  const bucket = bucketOf(lake);
  if (bucket === undefined) return folderObjectStore(lake);
  const { s3ObjectStore } = await import('../adapters/aws/s3-object-store.ts');
  return s3ObjectStore(bucket);
}

/** Opens the catalogue of partitions for SQL engines. `lakeName` is the name under which a lake on S3 was deployed. */
export async function openCatalogue(lake: string, lakeName: string): Promise<Catalogue> {
  const bucket = bucketOf(lake);
  // A folder is its own catalogue: the local engine finds partitions by their path.
  if (bucket === undefined) return { addPartitions: async () => 0 };
  const { glueCatalogue } = await import('../adapters/aws/glue-catalogue.ts');
  return glueCatalogue(databaseName(lakeName), `s3://${bucket}`);
}

/**
 * Opens SQL over the lake: DuckDB over a folder, Athena over S3.
 * @param reuseMinutes greatest age of an earlier answer that Athena may return to the same SQL; 0 for none
 */
export async function openQueryEngine(lake: string, lakeName: string, reuseMinutes = 0): Promise<StreamingQueryEngine> {
  if (bucketOf(lake) === undefined) {
    const { duckdbQueryEngine } = await import('../adapters/local/duckdb-query-engine.ts');
    return duckdbQueryEngine(lake);
  }
  const { athenaQueryEngine } = await import('../adapters/aws/athena-query-engine.ts');
  const database = databaseName(lakeName);
  return athenaQueryEngine({ database, workgroup: lakeName, clock: systemClock(), reuseMinutes });
}

/**
 * Checks that a folder lake can be written, by making and removing a folder in it, or in its nearest parent that
 * exists.
 * @throws BadInput naming the folder and what is wrong with it
 */
export function assertWritable(lake: string): void {
  if (bucketOf(lake) !== undefined) return;
  let folder = resolve(lake);
  while (!existsSync(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory())
    throw new BadInput(`lake '${lake}' cannot be written: ${folder} is not a folder`);
  try {
    rmdirSync(mkdtempSync(join(folder, '.candlelake-')));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BadInput(`lake '${lake}' cannot be written: making a folder in ${folder} gives ${code}`, { cause });
  }
}

/** Removes the files of processes that were killed in the middle of a write. */
export async function tidyLake(lake: string): Promise<void> {
  if (bucketOf(lake) === undefined) await removeAbandonedWrites(lake, Date.now());
}
