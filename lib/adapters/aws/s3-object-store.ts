import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { PrunableStore, StoredObject } from '../../ports.ts';

/** S3 answers SlowDown while it spreads a prefix that has become busy; three tries, the SDK's own, are few for that. */
const ATTEMPTS = 8;

/** An S3 bucket as an object store. A put is atomic and a list in key order because S3 is so. */
export function s3ObjectStore(bucket: string, client = new S3Client({ maxAttempts: ATTEMPTS })): PrunableStore {
  return {
    url: `s3://${bucket}`,

    async get(key) {
      try {
        const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await answer.Body!.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },

    async put(key, bytes) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
    },

    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },

    async list(prefix) {
      const found: StoredObject[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        );
        for (const { Key, Size } of page.Contents ?? []) found.push({ key: Key!, sizeBytes: Size! });
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return found;
    },
  };
}
