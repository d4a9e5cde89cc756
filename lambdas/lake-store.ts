import { s3ObjectStore } from '../lib/adapters/aws/s3-object-store.ts';
import type { Environment } from '../lib/adapters/environment.ts';
import { BadInput } from '../lib/domain/errors.ts';
import type { ObjectStore } from '../lib/ports.ts';

/** Opens the bucket that the environment names. @throws BadInput if it names no bucket */
export function lakeStore({ lake }: Environment): ObjectStore {
  const bucket = /^s3:\/\/([^/]+)$/.exec(lake)?.[1];
  if (!bucket) throw new BadInput(`CANDLELAKE_LAKE must be s3://bucket, got '${lake}'`);
  return s3ObjectStore(bucket);
}
