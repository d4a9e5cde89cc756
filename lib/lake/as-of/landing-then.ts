import { CorruptObject } from '../../domain/errors.ts';
import { type Series, seriesPath } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import { parseReceiptKey, receiptKeyBeside } from '../keys.ts';
import { parseReceipt, type Receipt } from '../landing/receipt.ts';
import type { LandingTimes, VersionRecord } from '../versions/contract.ts';

/**
 * What had landed of a series when some versions of its shards were made, and nothing else, as refine reads it: bytes out of
 * the lake, with the receipts and records of then.
 * @param versions the later shards' own word counts where two looked at the same object at different times
 * @throws CorruptObject where a version is of before records said what theirs were made from
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
  const keys = [...landed.keys(), ...receipts.keys(), ...facts, ...failures.keys()].sort(byBytes);
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
        .filter((key) => key.startsWith(prefix) && (after === undefined || byBytes(key, after) > 0))
        .map((key) => ({ key, sizeBytes: 0, tag: '' })),
  };
}

/** Bytes that must have the hash of their name. */
async function getNamed(key: string, lake: ObjectStore): Promise<Uint8Array | undefined> {
  const bytes = await lake.get(key);
  const expected = /\/([0-9a-f]{64})\.(?:zip|json)$/.exec(key)?.[1];
  if (!bytes || expected === undefined) return bytes;
  const found = sha256(bytes);
  if (found !== expected) throw new CorruptObject(`${key} has sha256 ${found}, expected that of its name`);
  return bytes;
}

/** A receipt as it was: the times are those of then, what else it says of the bytes never changes. */
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

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
