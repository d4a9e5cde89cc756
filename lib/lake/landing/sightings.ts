import * as z from 'zod';
import { CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Stream } from '../../domain/stream.ts';
import { streamPeriodOf } from '../../domain/subject-times.ts';
import type { ObjectStore } from '../../ports.ts';
import { getOrCompute } from '../get-or-compute.ts';
import { parseJson } from '../json.ts';
import {
  contentPrefix,
  parseSightingKey,
  type Sighting,
  SNAPSHOT_PARTS,
  type SnapshotPart,
  sightingKey,
} from '../stream-keys.ts';

/** Written each time that a part of a snapshot was seen. */
export interface SightingReceipt extends Sighting {
  /** Key of the landed bytes with the same content. */
  readonly bytesKey: string;
  /** Hash of the bytes as they came this time: those at `bytesKey` with `seenAtMs` as their serverTime. */
  readonly sha256: string;
  readonly url: string;
  readonly fetchedAtMs: number;
  readonly sizeBytes: number;
}

/**
 * Returns the sightings that count, by period, in the order of time. A snapshot counts if one of its parts has another
 * content than the last one that counted, or if it is the first of its period. The others change no row, so they are
 * not read.
 * @param keys all that landed for the stream
 */
export function sightingsByPeriod(stream: Stream, keys: Iterable<string>): ReadonlyMap<Period, readonly Sighting[]> {
  const byTime = new Map<number, Sighting[]>();
  for (const key of keys) {
    const sighting = parseSightingKey(stream, key);
    if (sighting) byTime.set(sighting.seenAtMs, [...(byTime.get(sighting.seenAtMs) ?? []), sighting]);
  }
  const byPeriod = new Map<Period, Sighting[]>();
  const contents = new Map<SnapshotPart, string>();
  /** The contents of both parts when exchange_info last counted: rows are made at its sightings. */
  let applied = '';
  for (const [seenAtMs, parts] of [...byTime].sort(([a], [b]) => a - b)) {
    const period = streamPeriodOf(stream, seenAtMs);
    const hasInfo = parts.some(({ part }) => part === 'exchange_info');
    const isNew = parts.some(({ part, contentSha256 }) => contents.get(part) !== contentSha256);
    if (!isNew && byPeriod.has(period) && (!hasInfo || textOf(contents) === applied)) continue;
    for (const { part, contentSha256 } of parts) contents.set(part, contentSha256);
    if (hasInfo) applied = textOf(contents);
    byPeriod.set(period, [...(byPeriod.get(period) ?? []), ...parts]);
  }
  return byPeriod;
}

function textOf(contents: ReadonlyMap<SnapshotPart, string>): string {
  return `${contents.get('exchange_info')} ${contents.get('funding_info')}`;
}

/** One part of a snapshot, as it was seen once. */
export interface SeenPart {
  readonly receipt: z.infer<typeof READ_OF_RECEIPT>;
  readonly bytes: Uint8Array;
}

/** The fields of a receipt that refine reads. */
const READ_OF_RECEIPT = z.object({ part: z.enum(SNAPSHOT_PARTS), seenAtMs: z.number(), bytesKey: z.string() });

/**
 * Reads sightings. Bytes that were seen many times are read once.
 * @throws CorruptObject if the lake lost or changed one
 */
export async function readSightings(store: ObjectStore, sightings: readonly Sighting[]): Promise<SeenPart[]> {
  const receipts = await Promise.all(sightings.map((sighting) => readReceipt(store, sighting)));
  const bodies = new Map<string, Promise<Uint8Array>>();
  return Promise.all(
    receipts.map(async (receipt) => {
      const { bytesKey } = receipt;
      const bytes = await getOrCompute(bodies, bytesKey, () => readBytes(store, bytesKey, hashInKey(bytesKey)));
      return { receipt, bytes };
    }),
  );
}

async function readReceipt(store: ObjectStore, sighting: Sighting): Promise<SeenPart['receipt']> {
  const key = sightingKey(sighting);
  const receipt = parseJson(await readBytes(store, key), READ_OF_RECEIPT);
  if (
    typeof receipt === 'string' ||
    receipt.part !== sighting.part ||
    receipt.seenAtMs !== sighting.seenAtMs ||
    !receipt.bytesKey.startsWith(contentPrefix(sighting))
  ) {
    throw new CorruptObject(`${key} is not the receipt of what its name says`);
  }
  return receipt;
}

/** @throws CorruptObject if there is no object, or one with another hash than its name has */
async function readBytes(store: ObjectStore, key: string, expected?: string): Promise<Uint8Array> {
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`landing object ${key} is gone from ${store.url}`);
  const found = expected === undefined ? undefined : sha256(bytes);
  if (found !== expected) throw new CorruptObject(`${key} has sha256 ${found}, expected ${expected} by its name`);
  return bytes;
}

function hashInKey(key: string): string {
  return /\/([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? 'that of a name';
}
