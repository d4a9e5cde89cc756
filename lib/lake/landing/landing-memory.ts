import * as z from 'zod';
import { rangeLabel } from '../../domain/chunk.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Subject } from '../../domain/subject.ts';
import type { ObjectStore, StoredObject } from '../../ports.ts';
import { parseJson } from '../json.ts';
import { type LandedPart, landingMemoryKey } from '../keys.ts';
import { LANDED_AGAIN, type LandedAgain } from '../manifest/landed-again.ts';

/** A receipt as the store lists it. */
export type ListedReceipt = Pick<StoredObject, 'key' | 'sizeBytes'>;

/**
 * The facts about the landed objects of a subject that refine stores, so that it need not list and read them again.
 * They are not evidence: if they are lost or damaged, everything is listed and read, and the shards are the same.
 */
export interface LandingMemory {
  /** Open pages that begin before this instant need not be listed; undefined if all must be. */
  readonly listOpenFromMs: number | undefined;
  /** Receipts of those pages whose answers may still count. */
  readonly open: readonly ListedReceipt[];
  /** For each period the names of contained objects, and of the object that contains each: see `findContained`. */
  readonly contained: ReadonlyMap<Period, ReadonlyMap<string, string>>;
  /** For each period the objects that landed more than once. */
  readonly again: ReadonlyMap<Period, KnownTimes>;
  /** For each period the key of the newest version record that was seen. */
  readonly newest: ReadonlyMap<Period, string>;
}

/** The landing times of some landed objects, as their receipts list them. */
export interface KnownTimes {
  /** Hash of the names of all these objects: see `hashNames`. */
  readonly of: string;
  /** The times of those that landed more than once, by name. */
  readonly times: ReadonlyMap<string, LandedAgain>;
}

export const NO_MEMORY: LandingMemory = {
  listOpenFromMs: undefined,
  open: [],
  contained: new Map(),
  again: new Map(),
  newest: new Map(),
};

/** Names a landed object and the state of its receipt: if the same bytes land again, the name changes. */
export function nameOf(landed: LandedPart & { readonly receiptBytes: number }): string {
  const { source, range, sha256, openPageMs, receiptBytes } = landed;
  const place = openPageMs === undefined ? source : `${source} open`;
  return `${place}/${rangeLabel(source, range)}/${sha256.slice(0, 16)} ${receiptBytes}`;
}

/** Hashes the names of landed objects: the hash is another if another object lands, or one of these lands again. */
export function hashNames(names: readonly string[]): string {
  return sha256(names.join('\n'));
}

/** Returns true for an answer of REST. It counts for ever; an archive file counts until a newer version of it lands. */
export function isRest(name: string): boolean {
  return name.startsWith('rest');
}

const STORED = z.object({
  listOpenFromMs: z.int().optional(),
  open: z.array(z.object({ key: z.string(), sizeBytes: z.int() })),
  contained: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
  /** Left out if earlier code wrote it. */
  again: z.record(z.string(), z.object({ of: z.string(), times: z.record(z.string(), LANDED_AGAIN) })).optional(),
  newest: z.record(z.string(), z.string()),
});

export async function readMemory(store: ObjectStore, subject: Subject): Promise<LandingMemory> {
  const bytes = await store.get(landingMemoryKey(subject));
  if (!bytes) return NO_MEMORY;
  const stored = parseJson(bytes, STORED);
  if (typeof stored === 'string') return NO_MEMORY;
  const { listOpenFromMs, open, contained, again = {}, newest } = stored;
  const pairs = Object.entries(contained).map(([period, byContainer]): [Period, Map<string, string>] => [
    period,
    new Map(Object.entries(byContainer).flatMap(([other, names]) => names.map((name) => [name, other] as const))),
  ]);
  const times = Object.entries(again).map(([period, known]): [Period, KnownTimes] => [
    period,
    { of: known.of, times: new Map(Object.entries(known.times)) },
  ]);
  return {
    listOpenFromMs,
    open,
    contained: new Map(pairs),
    again: new Map(times),
    newest: new Map(Object.entries(newest)),
  };
}

/** Stores a memory, if it differs from the one that was read. */
export async function putMemory(
  store: ObjectStore,
  subject: Subject,
  memory: LandingMemory,
  before: LandingMemory,
): Promise<void> {
  const bytes = encodeMemory(memory);
  if (Buffer.compare(encodeMemory(before), bytes) !== 0) await store.put(landingMemoryKey(subject), bytes);
}

/** Encodes a memory. Equal memories have equal bytes. */
function encodeMemory({ listOpenFromMs, open, contained, again, newest }: LandingMemory): Uint8Array {
  const groups = [...contained].map(([period, pairs]) => {
    const byContainer = new Map<string, string[]>();
    for (const [name, other] of pairs) byContainer.set(other, [...(byContainer.get(other) ?? []), name]);
    for (const names of byContainer.values()) names.sort();
    return [period, sorted(byContainer)] as const;
  });
  const times = [...again].map(([period, known]) => [period, { of: known.of, times: sorted(known.times) }] as const);
  const stored = {
    listOpenFromMs,
    open,
    contained: sorted(new Map(groups)),
    again: sorted(new Map(times)),
    newest: sorted(newest),
  };
  return Buffer.from(`${JSON.stringify(stored)}\n`);
}

function sorted<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
