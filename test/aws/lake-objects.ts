import { createHash } from 'node:crypto';
import { GetPartitionsCommand, type GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { PARTITION_COLUMNS } from '../../lib/domain/table-schema.ts';
import type { Deployment } from './deploy.ts';

export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
}

/** Every version of every object of the lake: what was ever put. */
export async function versionsOf({ s3, bucket }: Deployment): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = [];
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, KeyMarker, VersionIdMarker }));
    for (const { Key, VersionId, IsLatest } of page.Versions ?? []) {
      found.push({ key: Key!, versionId: VersionId!, isLatest: IsLatest! });
    }
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker);
  return found;
}

/**
 * Returns every put so far as `key version`, except those about runs and the archive's listings. If nothing is written
 * between two calls, they are equal.
 */
export async function putsOf(lake: Deployment): Promise<string[]> {
  const versions = await versionsOf(lake);
  return versions
    .filter(({ key }) => !/^(runs|run_reports|checks)\//.test(key))
    .map(({ key, versionId }) => `${key} ${versionId}`)
    .sort();
}

export async function bytesOf({ s3, bucket }: Deployment, key: string, versionId?: string): Promise<Uint8Array> {
  const answer = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  return answer.Body!.transformToByteArray();
}

/** sha256 of every Parquet object whose key holds the text, by key; the twin of `parquetHashes` of a local lake. */
export async function parquetHashesOf(lake: Deployment, holding: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const { key, isLatest } of await versionsOf(lake)) {
    // What an earlier version of a shard held is kept, and is no table of now.
    if (!isLatest || !key.endsWith('.parquet') || !key.includes(holding) || key.startsWith('versions/')) continue;
    hashes[key] = createHash('sha256')
      .update(await bytesOf(lake, key))
      .digest('hex');
  }
  return hashes;
}

/** Returns the locations of Glue's partitions of a table, in order. Each location must agree with its values. */
export async function partitionsOf(glue: GlueClient, database: string, table: string): Promise<string[]> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await glue.send(new GetPartitionsCommand({ DatabaseName: database, TableName: table, NextToken }));
    for (const { Values, StorageDescriptor } of page.Partitions ?? []) {
      const folders = PARTITION_COLUMNS.map((column, index) => `${column}=${Values![index]}`).join('/');
      expect(StorageDescriptor!.Location).toMatch(new RegExp(`/${table}/${folders}/$`));
      found.push(StorageDescriptor!.Location!);
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found.sort();
}
