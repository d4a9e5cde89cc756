import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ObjectChanged } from '../../domain/errors.ts';
import { isLandedBytes } from '../../lake/keys.ts';
import type { PrunableStore, PutCondition, StoredObject } from '../../ports.ts';

/** S3 answers SlowDown while it spreads a prefix that has become busy; three tries, the SDK's own, are few for that. */
const ATTEMPTS = 8;

/**
 * The SDK's settings for a bucket. A request is repeated if nothing moves on its connection, because the SDK waits for
 * ever by default.
 */
export const S3_PATIENCE = {
  maxAttempts: ATTEMPTS,
  requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
} as const;

/** An S3 bucket as an object store. A put is atomic and a list in key order because S3 is so. */
export function s3ObjectStore(name: string, client = new S3Client(S3_PATIENCE)): PrunableStore {
  const bucket: Bucket = { name, client };
  return {
    url: `s3://${name}`,
    get: async (key) => (await read(bucket, key))?.bytes,
    put: (key, bytes, condition) => put(bucket, key, bytes, condition),
    list: (prefix, after) => list(bucket, prefix, after),
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: name, Key: key }));
    },
  };
}

interface Bucket {
  readonly name: string;
  readonly client: S3Client;
}

async function put(
  bucket: Bucket,
  key: string,
  bytes: Uint8Array,
  condition: PutCondition | undefined = isLandedBytes(key) ? { tag: undefined } : undefined,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const input = { Bucket: bucket.name, Key: key, Body: bytes, ...(condition && headersOf(condition)) };
      return (await bucket.client.send(new PutObjectCommand(input))).ETag!;
    } catch (error) {
      const refusal = condition && error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      // 409: two conditional puts at the same moment. S3 asks for the put to be sent again.
      if (refusal === 409 && attempt < ATTEMPTS) continue;
      // 404: the object that should be replaced is gone.
      if (refusal !== 412 && refusal !== 409 && refusal !== 404) throw error;
      // The SDK sends a put again if its answer is lost. Then the put itself has changed the object.
      const there = await read(bucket, key);
      if (there && Buffer.compare(there.bytes, bytes) === 0) return there.tag;
      throw new ObjectChanged(
        `${key} in s3://${bucket.name} has tag ${there?.tag ?? 'none'}, expected ${condition?.tag ?? 'none'}`,
        { cause: error },
      );
    }
  }
}

async function list({ name, client }: Bucket, prefix: string, after: string | undefined): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: name, Prefix: prefix, StartAfter: after, ContinuationToken: token }),
    );
    for (const { Key, Size, ETag } of page.Contents ?? []) {
      found.push({ key: Key!, sizeBytes: Size!, tag: ETag! });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

async function read(
  bucket: Bucket,
  key: string,
): Promise<{ readonly bytes: Uint8Array; readonly tag: string } | undefined> {
  // The SDK repeats a request until an answer begins. This loop repeats it if the answer breaks off behind its headers
  // or differs from its checksum.
  for (let attempt = 1; ; attempt++) {
    const answer = await headOf(bucket, key);
    try {
      return answer && { bytes: await answer.Body!.transformToByteArray(), tag: answer.ETag! };
    } catch (error) {
      if (attempt < ATTEMPTS) continue;
      const reason = (error as Error).message;
      throw new Error(`${key} cannot be read from s3://${bucket.name}: ${reason}`, { cause: error });
    }
  }
}

/** Returns the object after its headers have arrived; undefined if the key is missing. */
async function headOf(bucket: Bucket, key: string, mayBeMissing = true): Promise<GetObjectCommandOutput | undefined> {
  try {
    return await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    if (!mayBeMissing || (error as Error).name !== 'AccessDenied') throw error;
    const isListed = await listsKey(bucket, key);
    if (isListed === undefined) throw error;
    // A key that is listed now may have been put since the first request.
    return isListed ? headOf(bucket, key, false) : undefined;
  }
}

/**
 * Returns whether the bucket lists the key; undefined if it refuses to list. For a missing key S3 answers 403 and not
 * 404 if the caller may list only some prefixes, as the roles of the stages may. They may list the key itself.
 */
async function listsKey({ name, client }: Bucket, key: string): Promise<boolean | undefined> {
  try {
    const page = await client.send(new ListObjectsV2Command({ Bucket: name, Prefix: key, MaxKeys: 1 }));
    return page.Contents?.[0]?.Key === key;
  } catch (error) {
    if ((error as Error).name === 'AccessDenied') return undefined;
    throw error;
  }
}

function headersOf({ tag }: PutCondition) {
  return tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
}
