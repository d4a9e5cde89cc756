import pLimit from 'p-limit';
import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { StreamReceipt } from '../fetch/contract.ts';
import { receiptKeyBeside } from '../keys.ts';
import type { Receipt } from '../landing/receipt.ts';
import type { Finding } from './contract.ts';
import type { Findings } from './findings.ts';
import { landingRemedy } from './remedies.ts';
import type { AuditWorld } from './world.ts';

/** One landed object: its keys, its hash, and the chunk that brings it again. */
export interface LandedObject {
  readonly key: string;
  readonly receiptKey: string;
  readonly sha256: string;
  readonly chunk: Chunk | StreamChunk;
}

/** Where a series or stream has what landed of it, and how its keys and receipts are read. */
export interface LandingPlace<Id> {
  readonly prefix: string;
  /** Undefined where the key of a receipt is none that the fetch stage writes. */
  objectOf(receiptKey: string): (LandedObject & { readonly id: Id }) | undefined;
  /** The receipt, or what is wrong with it, in words. */
  readReceipt(text: Uint8Array, id: Id, sizeBytes: number | undefined): Receipt | StreamReceipt | string;
}

/** What landed, with its receipt, where both are sound. */
export interface SoundLanding<Id = unknown> extends LandedObject {
  readonly id: Id;
  readonly receipt: Receipt | StreamReceipt;
}

export interface DamagedLanding extends LandedObject {
  /** Undefined where it is the receipt that is damaged or gone. */
  readonly receipt: Receipt | StreamReceipt | undefined;
}

export interface CheckedLanding<Id> {
  readonly sound: readonly SoundLanding<Id>[];
  /** Objects whose bytes or receipt are damaged or gone. */
  readonly damaged: readonly DamagedLanding[];
  readonly objects: number;
}

/** Objects read at once; the largest have some megabytes. */
const AT_ONCE = 8;
const BY_HAND = 'remove it by hand';

type Fault = Pick<Finding, 'place' | 'what' | 'expected' | 'found'>;

/**
 * Holds landed bytes against the hash in their key, and receipts against key and bytes; also what is not there although a
 * manifest names it. @param inputs keys of landed bytes, or of their receipts, that manifests name
 */
export async function checkLanding<Id>(
  place: LandingPlace<Id>,
  inputs: ReadonlySet<string>,
  findings: Findings,
  world: AuditWorld,
): Promise<CheckedLanding<Id>> {
  const { store } = world;
  const keys = new Set((await store.list(place.prefix)).map(({ key }) => key));
  const landed = new Map<string, LandedObject & { readonly id: Id }>();
  const own = [...inputs].filter((key) => key.startsWith(place.prefix));
  for (const key of [...keys, ...own.map(receiptKeyOf)]) {
    if (!key.endsWith('.receipt.json')) continue;
    const object = place.objectOf(key);
    if (object) landed.set(key, object);
    else add({ place: key, what: 'key of a receipt', expected: 'source, range and sha256', found: 'none' }, BY_HAND);
  }
  for (const key of keys) {
    if (!/\/[0-9a-f]{64}\.(zip|json)$/.test(key) || landed.has(receiptKeyBeside(key))) continue;
    // Bytes without a receipt do not count: somebody was stopped between the two.
    const what = 'receipt of landed bytes';
    findings.add('landing', 'note', { place: key, what, expected: 'there', found: 'not there', remedy: '' });
  }

  const limit = pLimit(AT_ONCE);
  const checked = await Promise.all([...landed.values()].map((object) => limit(() => checkLanded(object))));
  const sound: SoundLanding<Id>[] = [];
  const damaged: DamagedLanding[] = [];
  for (const { object, receipt, faults } of checked) {
    for (const fault of faults) add(fault, landingRemedy(world));
    if (faults.length === 0 && receipt) sound.push({ ...object, receipt });
    else damaged.push({ ...object, receipt });
  }
  return { sound, damaged, objects: 2 * checked.length };

  function add(fault: Fault, remedy: string): void {
    findings.add('landing', 'wrong', { ...fault, remedy });
  }

  async function checkLanded(object: LandedObject & { readonly id: Id }) {
    const { key, receiptKey, sha256: named } = object;
    const [bytes, text] = await Promise.all([store.get(key), store.get(receiptKey)]);
    const faults: Fault[] = [];
    const hash = bytes && sha256(bytes);
    if (!hash) faults.push({ place: key, what: 'landed bytes', expected: 'there', found: 'not there' });
    else if (hash !== named) faults.push({ place: key, what: 'landed bytes', expected: named, found: hash });
    const size = hash === named ? bytes?.length : undefined;
    const read = text ? place.readReceipt(text, object.id, size) : 'not there';
    if (typeof read !== 'string') return { object, receipt: read, faults };
    const expected = 'the facts of its key and bytes';
    faults.push({ place: receiptKey, what: 'receipt of landed bytes', expected, found: read });
    return { object, receipt: undefined, faults };
  }
}

/** Of a receipt its own. */
function receiptKeyOf(key: string): string {
  return key.endsWith('.receipt.json') ? key : receiptKeyBeside(key);
}
