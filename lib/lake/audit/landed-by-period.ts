import { BadInput } from '../../domain/errors.ts';
import { nominalMs } from '../../domain/interval.ts';
import { type Period, periodsIn } from '../../domain/period.ts';
import { streamPeriodOf, streamPeriodsIn } from '../../domain/stream.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import { type LandingId, parseReceiptKey, receiptKeyBeside } from '../keys.ts';
import { parseSightingKey } from '../stream-keys.ts';

/** A landed object by the key of its receipt. A sighting has no range. */
interface LandedEntry {
  readonly receiptKey: string;
  readonly range: TimeRange | undefined;
}

/** The landed objects that have a receipt, by the periods that they bear on. */
export type LandedByPeriod = ReadonlyMap<Period, readonly LandedEntry[]>;

/** Groups the landed objects of a subject. @param keys everything below its landing prefix */
export function landedByPeriod(subject: Subject, keys: Iterable<string>): LandedByPeriod {
  const byPeriod = new Map<Period, LandedEntry[]>();
  for (const receiptKey of keys) {
    const range = receiptIdOf(subject, receiptKey)?.range;
    for (const period of periodsOf(subject, receiptKey, range)) {
      byPeriod.set(period, [...(byPeriod.get(period) ?? []), { receiptKey, range }]);
    }
  }
  return byPeriod;
}

function periodsOf(subject: Subject, key: string, range: TimeRange | undefined): Period[] {
  if (isStream(subject)) {
    if (range) return streamPeriodsIn(subject, range);
    const sighting = parseSightingKey(subject, key);
    return sighting ? [streamPeriodOf(subject, sighting.seenAtMs)] : [];
  }
  if (!range) return [];
  return nominalMs(subject.interval) >= DAY_MS ? ['all'] : periodsIn(subject.interval, range);
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

/**
 * Returns the landed objects of a period that its shard was not made from.
 * @param inputs those that its manifest lists
 */
export function landedSince(landed: readonly LandedEntry[], inputs: readonly string[]): LandedEntry[] {
  const named = new Set(inputs.map(receiptKeyOf));
  return landed.filter(({ receiptKey }) => !named.has(receiptKey));
}

/** Returns true if the range of one landed object is within that of another, which may contain it. */
export function mayBeContained({ range }: LandedEntry, others: readonly LandedEntry[]): boolean {
  return others.some(
    (other) => range && other.range && other.range.fromMs <= range.fromMs && other.range.toMs >= range.toMs,
  );
}
