import { type LandingId, landingKey, landingPrefix, receiptKey } from '../domain/keys.ts';
import type { Series } from '../domain/series.ts';
import type { Receipt } from '../fetch/contract.ts';
import type { Findings } from './findings.ts';
import { sha256 } from './lake-series.ts';
import { readReceipt } from './read-receipt.ts';
import { readReceiptKey } from './read-receipt-key.ts';
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

const REMEDY = 'npx lake audit --repair fetches it again where the exchange still has these bytes';

/** Holds landed bytes against the hash in their key, and receipts against key and bytes. */
export async function checkLanding(series: Series, findings: Findings, { store }: AuditWorld): Promise<CheckedLanding> {
  const keys = new Set((await store.list(landingPrefix(series))).map(({ key }) => key));
  const sound: SoundLanding[] = [];
  const damaged: DamagedLanding[] = [];
  let objects = 0;
  for (const key of keys) {
    if (/\/[0-9a-f]{64}\.(zip|json)$/.test(key)) {
      // Bytes without a receipt do not count: somebody was stopped between the two.
      if (keys.has(key.replace(/\.(zip|json)$/, '.receipt.json'))) continue;
      const what = 'receipt of landed bytes';
      findings.add('landing', 'note', { place: key, what, expected: 'there', found: 'not there', remedy: '' });
      continue;
    }
    if (!key.endsWith('.receipt.json')) continue;
    const id = readReceiptKey(series, key);
    if (!id) {
      const remedy = 'remove it by hand';
      findings.add('landing', 'wrong', {
        place: key,
        what: 'key of a receipt',
        expected: 'a range of its source',
        found: 'none',
        remedy,
      });
      continue;
    }
    const place = landingKey(id);
    const [bytes, text] = await Promise.all([store.get(place), store.get(receiptKey(id))]);
    objects += 2;
    const found = bytes && sha256(bytes);
    const receipt =
      text === undefined ? 'not there' : readReceipt(text, id, found === id.sha256 ? bytes?.length : undefined);
    if (found !== id.sha256) {
      const what = bytes ? 'sha256 of landed bytes' : 'landed bytes';
      findings.add('landing', 'wrong', {
        place,
        what,
        expected: bytes ? id.sha256 : 'there',
        found: found ?? 'not there',
        remedy: REMEDY,
      });
    }
    if (typeof receipt === 'string') {
      findings.add('landing', 'wrong', {
        place: receiptKey(id),
        what: 'receipt of landed bytes',
        expected: 'the facts of its key and bytes',
        found: receipt,
        remedy: REMEDY,
      });
    }
    if (found === id.sha256 && typeof receipt !== 'string') sound.push({ id, receipt });
    else damaged.push({ id, receiptSound: typeof receipt !== 'string' });
  }
  return { sound, damaged, objects };
}
