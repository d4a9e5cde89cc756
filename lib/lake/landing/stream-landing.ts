import { CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { periodRange } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import { type Stream, streamPeriodOf, streamPeriodsIn } from '../../domain/stream.ts';
import type { ObjectStore } from '../../ports.ts';
import type { SightingReceipt, StreamReceipt } from '../fetch/contract.ts';
import { type LandingId, landingKey, landingPrefix, parseReceiptKey, receiptKey } from '../keys.ts';
import { contentPrefix, parseSightingKey, type Sighting, sightingKey } from '../stream-keys.ts';
import { byNewest, parseLandedReceipt } from './receipt.ts';

/** Something landed that bears on a shard; `key` is that of its receipt. */
export type StreamInput =
  | {
      readonly key: string;
      readonly id: LandingId<Stream>;
      /** There where the same archive file landed again later, with other bytes: of those the newest stands for it. */
      readonly superseded?: true;
    }
  | { readonly key: string; readonly sighting: Sighting };

/** The landed objects that bear on each period of a stream, periods ascending, objects in key order. */
export type StreamLanding = ReadonlyMap<Period, readonly StreamInput[]>;

/**
 * Lists what has landed of a stream. Receipts are read of those archive files alone that landed more than once, for only
 * they tell which came last.
 * @throws CorruptObject where such a receipt is none
 */
export async function listStreamLanding(store: ObjectStore, stream: Stream): Promise<StreamLanding> {
  const byPeriod = new Map<Period, StreamInput[]>();
  const objects = await store.list(landingPrefix(stream));
  const inputs = objects.flatMap(({ key }) => streamInput(stream, key) ?? []);
  const superseded = await findSuperseded(store, inputs);
  for (const one of inputs) {
    const input = superseded.has(one.key) ? { ...one, superseded: true as const } : one;
    for (const period of periodsOf(stream, input)) {
      const inputs = byPeriod.get(period);
      if (inputs) inputs.push(input);
      else byPeriod.set(period, [input]);
    }
  }
  return new Map([...byPeriod].sort(([a], [b]) => periodRange(a).fromMs - periodRange(b).fromMs));
}

/** What landed under the key of a receipt; undefined where it is another key. */
export function streamInput(stream: Stream, key: string): StreamInput | undefined {
  const id = parseReceiptKey(stream, key);
  if (id) return { key: receiptKey(id), id };
  const sighting = parseSightingKey(stream, key);
  return sighting && { key: sightingKey(sighting), sighting };
}

/** Keys of all but the newest version of each archive file, by their receipts. */
async function findSuperseded(store: ObjectStore, inputs: readonly StreamInput[]): Promise<ReadonlySet<string>> {
  const files = new Map<string, LandingId<Stream>[]>();
  for (const input of inputs) {
    if (!('id' in input) || input.id.source === 'rest') continue;
    const file = `${input.id.source} ${input.id.range.fromMs}`;
    files.set(file, [...(files.get(file) ?? []), input.id]);
  }
  const superseded = new Set<string>();
  for (const versions of files.values()) {
    if (versions.length === 1) continue;
    const receipts = await Promise.all(versions.map((id) => readReceipt(store, id)));
    for (const id of receipts.sort(byNewest).slice(1)) superseded.add(receiptKey(id));
  }
  return superseded;
}

function periodsOf(stream: Stream, input: StreamInput): Period[] {
  return 'id' in input ? streamPeriodsIn(stream, input.id.range) : [streamPeriodOf(stream, input.sighting.seenAtMs)];
}

/** One landed answer: its bytes and its receipt. */
export interface LandedAnswer {
  readonly receipt: StreamReceipt;
  /** For messages: the file's name, or the key of a REST answer. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly superseded?: true;
}

/**
 * Reads landed answers side by side; their bytes must still be those that landed.
 * @throws CorruptObject where the lake lost or changed one: landing objects are never removed and never written to
 */
export async function readAnswers(store: ObjectStore, inputs: readonly StreamInput[]): Promise<LandedAnswer[]> {
  const answers = inputs.flatMap((input) => ('id' in input ? input : []));
  return Promise.all(
    answers.map(async ({ id, superseded }) => {
      const key = landingKey(id);
      const [receipt, bytes] = await Promise.all([readReceipt(store, id), readBytes(store, key, id.sha256)]);
      const name = id.source === 'rest' ? key : receipt.url.slice(receipt.url.lastIndexOf('/') + 1);
      return { receipt, bytes, name, ...(superseded && { superseded }) };
    }),
  );
}

/** What was seen once of one part of a snapshot. */
export interface SeenPart {
  readonly receipt: SightingReceipt;
  readonly bytes: Uint8Array;
}

/**
 * Reads sightings in the order of time; bytes that were seen many times are read once.
 * @throws CorruptObject where the lake lost or changed one
 */
export async function readSightings(store: ObjectStore, inputs: readonly StreamInput[]): Promise<SeenPart[]> {
  const receipts = await Promise.all(
    inputs.flatMap((input) => ('sighting' in input ? readSighting(store, input.sighting) : [])),
  );
  const bodies = new Map<string, Promise<Uint8Array>>();
  for (const { bytesKey } of receipts) {
    bodies.set(bytesKey, bodies.get(bytesKey) ?? readBytes(store, bytesKey, hashInKey(bytesKey)));
  }
  const parts = await Promise.all(
    receipts.map(async (receipt) => ({ receipt, bytes: await bodies.get(receipt.bytesKey)! })),
  );
  return parts.sort((a, b) => a.receipt.seenAtMs - b.receipt.seenAtMs);
}

/** Reads a receipt, which must be of the object beside it. @throws CorruptObject where it is not one */
async function readReceipt(store: ObjectStore, id: LandingId<Stream>): Promise<StreamReceipt> {
  const key = receiptKey(id);
  const receipt = parseLandedReceipt(await readBytes(store, key), id);
  if (!receipt) throw new CorruptObject(`${key} is not the receipt of what it lies beside`);
  return { ...receipt, stream: id.stream };
}

async function readSighting(store: ObjectStore, sighting: Sighting): Promise<SightingReceipt> {
  const key = sightingKey(sighting);
  const receipt = await readJson<SightingReceipt>(store, key);
  const whole =
    receipt.part === sighting.part &&
    receipt.seenAtMs === sighting.seenAtMs &&
    receipt.bytesKey?.startsWith(contentPrefix(sighting)) === true;
  if (!whole) throw new CorruptObject(`${key} is not the receipt of what its name says`);
  return receipt as SightingReceipt;
}

/** A JSON object, of which nothing is known yet. @throws CorruptObject where it is none */
async function readJson<T>(store: ObjectStore, key: string): Promise<Partial<T>> {
  const bytes = await readBytes(store, key);
  try {
    return ((JSON.parse(Buffer.from(bytes).toString('utf8')) as T | null) ?? {}) as Partial<T>;
  } catch (cause) {
    throw new CorruptObject(`${key} is no JSON`, { cause });
  }
}

/** @throws CorruptObject where there is nothing, or nothing with the hash that its name says */
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
