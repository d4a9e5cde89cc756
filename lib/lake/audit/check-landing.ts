import pLimit from 'p-limit';
import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Stream } from '../../domain/stream.ts';
import { about, type Subject } from '../../domain/subject.ts';
import { type LandingId, landingKey, landingPrefix, receiptKeyBeside } from '../keys.ts';
import type { AuditContext } from './audit-context.ts';
import { type AnyReceipt, checkReceipt } from './check-receipt.ts';
import { differs, type Fault, type Findings, missing } from './findings.ts';
import { receiptIdOf, receiptKeyOf } from './landed-by-period.ts';
import { BY_HAND, landingRemedy } from './remedies.ts';

/** One landed object: its keys, its hash, and the chunk that fetches it again. */
export interface LandedObject {
  readonly id: LandingId | LandingId<Stream>;
  readonly key: string;
  readonly receiptKey: string;
  readonly sha256: string;
  readonly chunk: Chunk | StreamChunk;
}

/** A landed object and its receipt, both sound. */
export interface SoundLanding extends LandedObject {
  readonly receipt: AnyReceipt;
}

export interface DamagedLanding extends LandedObject {
  /** Undefined if the receipt is damaged or missing. */
  readonly receipt: AnyReceipt | undefined;
}

export interface CheckedLanding {
  readonly sound: readonly SoundLanding[];
  /** Objects whose bytes or receipt are damaged or missing. */
  readonly damaged: readonly DamagedLanding[];
  readonly objects: number;
}

/** Objects that are read at once; the largest have some megabytes. */
const AT_ONCE = 8;

/**
 * Compares landed bytes with the hash in their key, and receipts with their key and their bytes. An object that a
 * manifest lists must exist.
 * @param keys everything below the landing prefix of the subject
 * @param inputs keys of landed bytes, or of their receipts, that manifests list
 */
export async function checkLanding(
  subject: Subject,
  keys: ReadonlySet<string>,
  inputs: ReadonlySet<string>,
  findings: Findings,
  context: AuditContext,
): Promise<CheckedLanding> {
  const landed = new Map<string, LandedObject>();
  const listed = [...inputs].filter((key) => key.startsWith(landingPrefix(subject)));
  for (const key of [...keys, ...listed.map(receiptKeyOf)]) {
    if (!key.endsWith('.receipt.json')) continue;
    const id = receiptIdOf(subject, key);
    if (id) landed.set(key, objectOf(subject, id));
    else findings.wrong('landing', differs(key, 'key of a receipt', 'source, range and sha256', 'none'), BY_HAND);
  }
  for (const key of keys) {
    if (!/\/[0-9a-f]{64}\.(zip|json)$/.test(key) || landed.has(receiptKeyBeside(key))) continue;
    // Bytes without a receipt do not count: a run was stopped between the two puts.
    findings.note('landing', missing(key, 'receipt of landed bytes'));
  }
  const limit = pLimit(AT_ONCE);
  const checked = await Promise.all([...landed.values()].map((object) => limit(() => checkObject(object, context))));
  const sound: SoundLanding[] = [];
  const damaged: DamagedLanding[] = [];
  for (const { object, receipt, faults } of checked) {
    for (const fault of faults) findings.wrong('landing', fault, landingRemedy(context));
    if (faults.length === 0 && receipt) sound.push({ ...object, receipt });
    else damaged.push({ ...object, receipt });
  }
  return { sound, damaged, objects: 2 * checked.length };
}

function objectOf(subject: Subject, id: LandingId | LandingId<Stream>): LandedObject {
  const { source, range, sha256, openPageMs } = id;
  const page = openPageMs !== undefined && { openPageMs };
  const chunk = { ...about(subject), source, range, asOfMs: 0, sizeBytes: 0, ...page } as Chunk | StreamChunk;
  const key = landingKey(id);
  return { id, key, receiptKey: receiptKeyBeside(key), sha256, chunk };
}

async function checkObject(object: LandedObject, { store }: AuditContext) {
  const { id, key, receiptKey, sha256: named } = object;
  const [bytes, text] = await Promise.all([store.get(key), store.get(receiptKey)]);
  const faults: Fault[] = [];
  const hash = bytes && sha256(bytes);
  if (!hash) faults.push(missing(key, 'landed bytes'));
  else if (hash !== named) faults.push(differs(key, 'landed bytes', named, hash));
  const receipt = text ? checkReceipt(text, id, hash === named ? bytes?.length : undefined) : 'not there';
  if (typeof receipt !== 'string') return { object, receipt, faults };
  faults.push(differs(receiptKey, 'receipt of landed bytes', 'the facts of its key and bytes', receipt));
  return { object, receipt: undefined, faults };
}
