import { CorruptObject } from '../domain/errors.ts';
import type { Interval } from '../domain/interval.ts';
import { type ChunkId, failureKey } from '../domain/keys.ts';
import type { TimeRange } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import { closedRange } from './answer.ts';
import { sha256 } from './hash.ts';

/** A chunk that could not be had, as the fetch stage wrote it down. */
export interface FailedChunk {
  readonly key: string;
  readonly sha256: string;
  /** The record as it is stored. */
  readonly text: string;
  /** On the grid; ends where the candles had closed when it was asked. */
  readonly range: TimeRange;
  readonly error: string;
  readonly message: string;
  readonly atMs: number;
}

/** Reads the record of a failed chunk; undefined where it went away meanwhile. @throws CorruptObject where it is none. */
export async function readFailedChunk(
  store: ObjectStore,
  interval: Interval,
  id: ChunkId,
): Promise<FailedChunk | undefined> {
  const key = failureKey(id);
  const bytes = await store.get(key);
  if (!bytes) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  const { error, message, atMs, asOfMs } = parse(text, key);
  if (typeof error !== 'string' || typeof message !== 'string' || typeof atMs !== 'number') {
    throw new CorruptObject(
      `${key} has no error, message and atMs; remove it, it is made again where it is still true`,
    );
  }
  const range = closedRange(interval, id.range, typeof asOfMs === 'number' ? asOfMs : atMs);
  return { key, sha256: sha256(bytes), text, range, error, message, atMs };
}

function parse(text: string, key: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null) ?? {};
  } catch (cause) {
    throw new CorruptObject(`${key} is not JSON`, { cause });
  }
}
