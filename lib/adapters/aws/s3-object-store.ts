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
export function s3ObjectStore(bucket: string, client = new S3Client(S3_PATIENCE)): PrunableStore {
  /** Returns the object after its headers have arrived; undefined if the key is missing. */
  async function headOf(key: string, mayBeMissing = true): Promise<GetObjectCommandOutput | undefined> {
    try {
      return await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      if (!mayBeMissing || (error as Error).name !== 'AccessDenied') throw error;
      const isListed = await listsKey(key);
      if (isListed === undefined) throw error;
      // A key that is listed now may have been put since the first request.
      return isListed ? headOf(key, false) : undefined;
    }
  }

  /**
   * Returns whether the bucket lists the key; undefined if it refuses to list. For a missing key S3 answers 403 and not
   * 404 if the caller may list only some prefixes, as the roles of the stages may. They may list the key itself.
   */
  async function listsKey(key: string): Promise<boolean | undefined> {
    try {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
      return page.Contents?.[0]?.Key === key;
    } catch (error) {
      if ((error as Error).name === 'AccessDenied') return undefined;
      throw error;
    }
  }

  async function read(key: string): Promise<{ readonly bytes: Uint8Array; readonly tag: string } | undefined> {
    // The SDK asks again until an answer begins. One that breaks off behind its headers, or is not that of its
    // checksum, is ours.
    for (let attempt = 1; ; attempt++) {
      const answer = await headOf(key);
      try {
        return answer && { bytes: await answer.Body!.transformToByteArray(), tag: answer.ETag! };
      } catch (error) {
        if (attempt < ATTEMPTS) continue;
        const reason = (error as Error).message;
        throw new Error(`${key} cannot be read from s3://${bucket}: ${reason}`, { cause: error });
      }
    }
  }

  return {
    url: `s3://${bucket}`,

    get: async (key) => (await read(key))?.bytes,

    async put(key, bytes, condition = isLandedBytes(key) ? { tag: undefined } : undefined) {
      for (let attempt = 1; ; attempt++) {
        try {
          const input = { Bucket: bucket, Key: key, Body: bytes, ...(condition && headersOf(condition)) };
          return (await client.send(new PutObjectCommand(input))).ETag!;
        } catch (error) {
          const refusal = condition && error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
          // 409: two conditional puts at the same moment. S3 asks for the put to be sent again.
          if (refusal === 409 && attempt < ATTEMPTS) continue;
          // 404: the object that should be replaced is gone.
          if (refusal !== 412 && refusal !== 409 && refusal !== 404) throw error;
          // The SDK sends a put again if its answer is lost. Then the put itself has changed the object.
          const there = await read(key);
          if (there && Buffer.compare(there.bytes, bytes) === 0) return there.tag;
          throw new ObjectChanged(
            `${key} in s3://${bucket} has tag ${there?.tag ?? 'none'}, expected ${condition?.tag ?? 'none'}`,
            { cause: error },
          );
        }
      }
    },

    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },

    async list(prefix, after) {
      const found: StoredObject[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: after, ContinuationToken: token }),
        );
        for (const { Key, Size, ETag } of page.Contents ?? []) {
          found.push({ key: Key!, sizeBytes: Size!, tag: ETag! });
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return found;
    },
  };
}

function headersOf({ tag }: PutCondition) {
  return tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
}
