import * as z from 'zod';
import type { Source } from '../../domain/chunk.ts';
import { CorruptObject } from '../../domain/errors.ts';
import type { Interval } from '../../domain/interval.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { parseJson } from '../json.ts';
import { type ChunkId, failureKey } from '../keys.ts';
import { closedRange } from '../landing/answer.ts';
import type { FailedFile } from '../manifest/contract.ts';

/** A chunk that the fetch stage recorded as failed, or an archive file that landed and cannot be read. */
export interface FailedChunk {
  /** The key of the record, or of the landed bytes. */
  readonly key: string;
  readonly sha256: string;
  readonly source: Source;
  /** The whole month, day or window that was requested. */
  readonly asked: TimeRange;
  /** The open times, on the grid, whose candles had closed at the time of the request. */
  readonly range: TimeRange;
  readonly error: string;
  readonly message: string;
  readonly atMs: number;
}

/** A failed chunk with its record. */
export interface RecordedFailure extends FailedChunk {
  /** The record as it is stored. */
  readonly text: string;
}

const RECORD = z.object({ error: z.string(), message: z.string(), atMs: z.number(), asOfMs: z.number().optional() });

type Failed = Pick<FailedChunk, 'source' | 'asked' | 'error' | 'message'>;

export function fileOf({ source, asked, error, message }: Failed): FailedFile {
  return { source, range: asked, error, message };
}

export function unreadableFile(file: Failed): FailedFile {
  return { ...fileOf(file), landed: true };
}

/** Reads the record of a failed chunk; undefined if it is gone. @throws CorruptObject if the object is not a record */
export async function readFailedChunk(
  store: ObjectStore,
  interval: Interval,
  id: ChunkId,
): Promise<RecordedFailure | undefined> {
  const key = failureKey(id);
  const bytes = await store.get(key);
  if (!bytes) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  const record = parseJson(bytes, RECORD);
  if (typeof record === 'string') {
    const advice = 'remove it: the next run records the failure again if it persists';
    throw new CorruptObject(`${key} is not the record of a failure (${record}); ${advice}`);
  }
  const { error, message, atMs, asOfMs = atMs } = record;
  const range = closedRange(interval, id.range, asOfMs);
  return { key, sha256: sha256(bytes), text, source: id.source, asked: id.range, range, error, message, atMs };
}
