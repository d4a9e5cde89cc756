import { CorruptObject } from '../../domain/errors.ts';
import { type Series, seriesPath } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import { compareKeys, parseReceiptKey, receiptKeyBeside } from '../keys.ts';
import { parseReceipt, type Receipt } from '../landing/receipt.ts';
import type { LandingTimes, VersionRecord } from '../versions/contract.ts';

/**
 * Returns a view of the lake for refine: only the objects of a series that had landed when some versions were made,
 * with the receipts of that time.
 * @param versions in the order of time; if two used the same object at different times, the later one decides
 * @throws CorruptObject if a record does not list what its version was made from, because earlier code wrote it
 */
export function landingThen(
  series: Series,
  versions: readonly VersionRecord[],
  lake: ObjectStore,
): Pick<ObjectStore, 'get' | 'list'> {
  const landed = new Map<string, LandingTimes>();
  const facts = new Set<string>();
  const failures = new Map<string, string>();
  for (const { manifest, manifestSha256, madeFrom } of versions) {
    if (!madeFrom) {
      const name = `${manifestSha256.slice(0, 12)} of ${seriesPath(series)} ${manifest.period}`;
      throw new CorruptObject(`record of version ${name} does not say what it was made from: earlier code wrote it`);
    }
    for (const { key, ...times } of madeFrom.others) landed.set(key, times);
    manifest.inputs.forEach(({ key }, index) => {
      landed.set(key, madeFrom.inputs[index]!);
    });
    for (const key of madeFrom.facts) facts.add(key);
    for (const { key, text } of madeFrom.failures) failures.set(key, text);
  }
  const receipts = new Map([...landed].map(([key, times]) => [receiptKeyBeside(key), times]));
  const keys = [...landed.keys(), ...receipts.keys(), ...facts, ...failures.keys()].sort(compareKeys);
  return {
    async get(key) {
      const text = failures.get(key);
      if (text !== undefined) return Buffer.from(text);
      const times = receipts.get(key);
      if (times) return receiptThen(series, key, times, lake);
      return landed.has(key) || facts.has(key) ? getNamed(key, lake) : undefined;
    },
    list: async (prefix, after) =>
      keys
        .filter((key) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0))
        .map((key) => ({ key, sizeBytes: 0, tag: '' })),
  };
}

/** Reads bytes, which must have the hash in their name. */
async function getNamed(key: string, lake: ObjectStore): Promise<Uint8Array | undefined> {
  const bytes = await lake.get(key);
  const expected = /\/([0-9a-f]{64})\.(?:zip|json)$/.exec(key)?.[1];
  if (!bytes || expected === undefined) return bytes;
  const found = sha256(bytes);
  if (found !== expected) throw new CorruptObject(`${key} has sha256 ${found}, expected that of its name`);
  return bytes;
}

/** Returns a receipt as it was then. Only its times can have changed since. */
async function receiptThen(
  series: Series,
  key: string,
  { earlierMs = [], ...times }: LandingTimes,
  lake: ObjectStore,
): Promise<Uint8Array | undefined> {
  const id = parseReceiptKey(series, key);
  const bytes = id && (await lake.get(key));
  if (!id || !bytes) return undefined;
  const now = parseReceipt(bytes, id);
  if (!now) throw new CorruptObject(`${key} is not the receipt of what it lies beside`);
  const { earlier: _, ...rest } = now;
  const earlier = earlierMs.map((fetchedAtMs) => ({ url: now.url, fetchedAtMs, asOfMs: times.asOfMs }));
  const then: Receipt = { ...rest, ...times, ...(earlier.length > 0 && { earlier }) };
  return Buffer.from(JSON.stringify(then));
}
