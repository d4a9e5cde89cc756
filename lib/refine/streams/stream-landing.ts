import type { Period } from '../../domain/period.ts';
import { periodRange } from '../../domain/period.ts';
import { type Stream, streamPeriodOf, streamPeriodsIn } from '../../domain/stream.ts';
import {
  parseSightingKey,
  parseStreamReceiptKey,
  type Sighting,
  type StreamLandingId,
  sightingKey,
  streamLandingKey,
  streamLandingPrefix,
  streamReceiptKey,
} from '../../domain/stream-keys.ts';
import type { SightingReceipt, StreamReceipt } from '../../fetch/contract.ts';
import type { ObjectStore } from '../../ports.ts';

/** Something landed that bears on a shard; `key` is that of its receipt. */
export type StreamInput =
  | { readonly key: string; readonly id: StreamLandingId }
  | { readonly key: string; readonly sighting: Sighting };

/** The landed objects that bear on each period of a stream, periods ascending, objects in key order. */
export type StreamLanding = ReadonlyMap<Period, readonly StreamInput[]>;

export async function listStreamLanding(store: ObjectStore, stream: Stream): Promise<StreamLanding> {
  const byPeriod = new Map<Period, StreamInput[]>();
  for (const { key } of await store.list(streamLandingPrefix(stream))) {
    const input = toInput(stream, key);
    if (!input) continue;
    for (const period of periodsOf(stream, input)) {
      const inputs = byPeriod.get(period);
      if (inputs) inputs.push(input);
      else byPeriod.set(period, [input]);
    }
  }
  return new Map([...byPeriod].sort(([a], [b]) => periodRange(a).fromMs - periodRange(b).fromMs));
}

function toInput(stream: Stream, key: string): StreamInput | undefined {
  const id = parseStreamReceiptKey(stream, key);
  if (id) return { key: streamReceiptKey(id), id };
  const sighting = parseSightingKey(stream, key);
  return sighting && { key: sightingKey(sighting), sighting };
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
}

/** Reads landed answers side by side. @throws Error where the lake lost one: landing objects are never removed. */
export async function readAnswers(store: ObjectStore, inputs: readonly StreamInput[]): Promise<LandedAnswer[]> {
  const ids = inputs.flatMap((input) => ('id' in input ? input.id : []));
  return Promise.all(
    ids.map(async (id) => {
      const key = streamLandingKey(id);
      const [receipt, bytes] = await Promise.all([
        readJson<StreamReceipt>(store, streamReceiptKey(id)),
        readBytes(store, key),
      ]);
      return { receipt, bytes, name: id.source === 'rest' ? key : receipt.url.slice(receipt.url.lastIndexOf('/') + 1) };
    }),
  );
}

/** What was seen once of one part of a snapshot. */
export interface SeenPart {
  readonly receipt: SightingReceipt;
  readonly bytes: Uint8Array;
}

/** Reads sightings in the order of time; bytes that were seen many times are read once. */
export async function readSightings(store: ObjectStore, inputs: readonly StreamInput[]): Promise<SeenPart[]> {
  const receipts = await Promise.all(
    inputs.flatMap((input) => ('sighting' in input ? readJson<SightingReceipt>(store, input.key) : [])),
  );
  const bodies = new Map<string, Promise<Uint8Array>>();
  for (const { bytesKey } of receipts) bodies.set(bytesKey, bodies.get(bytesKey) ?? readBytes(store, bytesKey));
  const parts = await Promise.all(
    receipts.map(async (receipt) => ({ receipt, bytes: await bodies.get(receipt.bytesKey)! })),
  );
  return parts.sort((a, b) => a.receipt.seenAtMs - b.receipt.seenAtMs);
}

async function readJson<T>(store: ObjectStore, key: string): Promise<T> {
  return JSON.parse(Buffer.from(await readBytes(store, key)).toString('utf8')) as T;
}

async function readBytes(store: ObjectStore, key: string): Promise<Uint8Array> {
  const bytes = await store.get(key);
  if (!bytes) throw new Error(`landing object ${key} is gone from ${store.url}`);
  return bytes;
}
