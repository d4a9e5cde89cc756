import pLimit from 'p-limit';
import { type LandingId, landingKey, landingPrefix, receiptKey, receiptKeyBeside } from '../domain/keys.ts';
import type { Series } from '../domain/series.ts';
import type { Receipt } from '../fetch/contract.ts';
import type { Finding } from './contract.ts';
import type { Findings } from './findings.ts';
import { sha256 } from './lake-series.ts';
import { readReceipt } from './read-receipt.ts';
import { readReceiptKey } from './read-receipt-key.ts';
import { landingRemedy } from './remedies.ts';
import type { AuditWorld } from './world.ts';

/** What landed, with its receipt, where both are sound. */
export interface SoundLanding {
  readonly id: LandingId;
  readonly receipt: Receipt;
}

export interface DamagedLanding {
  readonly id: LandingId;
  readonly receiptSound: boolean;
}

export interface CheckedLanding {
  readonly sound: readonly SoundLanding[];
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
 * manifest names it. @param inputs keys of landed bytes that manifests name
 */
export async function checkLanding(
  series: Series,
  inputs: ReadonlySet<string>,
  findings: Findings,
  world: AuditWorld,
): Promise<CheckedLanding> {
  const { store } = world;
  const keys = new Set((await store.list(landingPrefix(series))).map(({ key }) => key));
  const ids = new Map<string, LandingId>();
  const own = [...inputs].filter((key) => key.startsWith(landingPrefix(series)));
  for (const key of [...keys, ...own.map(receiptKeyBeside)]) {
    if (!key.endsWith('.receipt.json')) continue;
    const id = readReceiptKey(series, key);
    if (id) ids.set(key, id);
    else add({ place: key, what: 'key of a receipt', expected: 'source, range and sha256', found: 'none' }, BY_HAND);
  }
  for (const key of keys) {
    if (!/\/[0-9a-f]{64}\.(zip|json)$/.test(key) || ids.has(receiptKeyBeside(key))) continue;
    // Bytes without a receipt do not count: somebody was stopped between the two.
    const what = 'receipt of landed bytes';
    findings.add('landing', 'note', { place: key, what, expected: 'there', found: 'not there', remedy: '' });
  }

  const limit = pLimit(AT_ONCE);
  const checked = await Promise.all([...ids.values()].map((id) => limit(() => checkLanded(id))));
  const sound: SoundLanding[] = [];
  const damaged: DamagedLanding[] = [];
  for (const { id, receipt, faults } of checked) {
    for (const fault of faults) add(fault, landingRemedy(world));
    if (faults.length === 0 && receipt) sound.push({ id, receipt });
    else damaged.push({ id, receiptSound: receipt !== undefined });
  }
  return { sound, damaged, objects: 2 * checked.length };

  function add(fault: Fault, remedy: string): void {
    findings.add('landing', 'wrong', { ...fault, remedy });
  }

  async function checkLanded(id: LandingId) {
    const place = landingKey(id);
    const [bytes, text] = await Promise.all([store.get(place), store.get(receiptKey(id))]);
    const faults: Fault[] = [];
    const hash = bytes && sha256(bytes);
    if (!hash) faults.push({ place, what: 'landed bytes', expected: 'there', found: 'not there' });
    else if (hash !== id.sha256) faults.push({ place, what: 'landed bytes', expected: id.sha256, found: hash });
    const read = text ? readReceipt(text, id, hash === id.sha256 ? bytes?.length : undefined) : 'not there';
    if (typeof read !== 'string') return { id, receipt: read, faults };
    const expected = 'the facts of its key and bytes';
    faults.push({ place: receiptKey(id), what: 'receipt of landed bytes', expected, found: read });
    return { id, receipt: undefined, faults };
  }
}
