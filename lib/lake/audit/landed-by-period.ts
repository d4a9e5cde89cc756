import { isDeepStrictEqual } from 'node:util';
import { BadInput } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import { subjectPeriodsIn } from '../../domain/subject-times.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { type LandingId, parseReceiptKey, receiptKeyBeside } from '../keys.ts';
import { type LandedReceipt, landedAgain } from '../landing/receipt.ts';
import { sightingsByPeriod } from '../landing/sightings.ts';
import type { LandedAgain } from '../manifest/landed-again.ts';
import { sightingKey } from '../stream-keys.ts';

/** A landed object by the key of its receipt. A sighting has no range. */
interface LandedEntry {
  readonly receiptKey: string;
  readonly range: TimeRange | undefined;
}

/** The landed objects that have a receipt, by the periods that they bear on. */
export type LandedByPeriod = ReadonlyMap<Period, readonly LandedEntry[]>;

/**
 * Groups the landed objects of a subject. Sightings that repeat what was seen before are left out, as refine does.
 * @param keys everything below its landing prefix
 */
export function landedByPeriod(subject: Subject, keys: Iterable<string>): LandedByPeriod {
  const sightings = isStream(subject) ? sightingsByPeriod(subject, keys) : [];
  const byPeriod = new Map<Period, LandedEntry[]>(
    [...sightings].map(([period, own]) => [
      period,
      own.map((one) => ({ receiptKey: sightingKey(one), range: undefined })),
    ]),
  );
  for (const receiptKey of keys) {
    const range = receiptIdOf(subject, receiptKey)?.range;
    for (const period of range ? subjectPeriodsIn(subject, range) : []) {
      byPeriod.set(period, [...(byPeriod.get(period) ?? []), { receiptKey, range }]);
    }
  }
  return byPeriod;
}

/** Reads the key of a receipt. Returns undefined for a key that the fetch stage does not write. */
export function receiptIdOf<S extends Subject>(subject: S, key: string): LandingId<S> | undefined {
  try {
    return parseReceiptKey(subject, key);
  } catch (error) {
    if (error instanceof BadInput) return undefined;
    throw error;
  }
}

/** Returns the key of the receipt of landed bytes; the key of a receipt is returned unchanged. */
export function receiptKeyOf(key: string): string {
  return key.endsWith('.receipt.json') ? key : receiptKeyBeside(key);
}

/** An input that a manifest lists, by the key of its receipt, and its times if it had landed more than once. */
export interface ListedInput {
  readonly receiptKey: string;
  readonly again: LandedAgain | undefined;
}

/**
 * Counts the landed objects of a period that its shard was not made from: those that it does not list, and those that
 * landed again since. An object that an input may contain is not counted, because only refine can decide whether it
 * does.
 * @param inputs those that the manifest lists
 * @param receipts the sound ones, by key; those of sightings are not receipts of this kind
 */
export function countLandedSince(
  landed: readonly LandedEntry[],
  inputs: readonly ListedInput[],
  receipts: ReadonlyMap<string, LandedReceipt | undefined>,
): number {
  const named = new Set(inputs.map(({ receiptKey }) => receiptKey));
  const used = landed.filter(({ receiptKey }) => named.has(receiptKey));
  const others = landed.filter((one) => !named.has(one.receiptKey) && !mayBeContained(one, used));
  const landedAgainSince = inputs.filter(({ receiptKey, again }) => {
    const receipt = receipts.get(receiptKey);
    return receipt && !isDeepStrictEqual(landedAgain(receipt), again);
  });
  return others.length + landedAgainSince.length;
}

/** Returns true if the range of one landed object is within that of another, which may contain it. */
function mayBeContained({ range }: LandedEntry, others: readonly LandedEntry[]): boolean {
  return others.some(
    (other) => range && other.range && other.range.fromMs <= range.fromMs && other.range.toMs >= range.toMs,
  );
}
