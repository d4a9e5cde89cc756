import { CorruptObject } from './errors.ts';
import type { Market } from './market.ts';
import { sha256 } from './sha256.ts';

/**
 * What one source said of the life of a symbol. Lands as its own object, content-addressed and without a clock in it, so
 * that the same fact heard again is the same object.
 */
export interface ListingFact {
  readonly market: Market;
  readonly symbol: string;
  /** `exchange_info` names the instants; `archive` has only the first file, and for a delisted symbol the last, to go by. */
  readonly evidence: 'exchange_info' | 'archive';
  /** The exchange's own word for the state, such as `TRADING` or `SETTLING`. */
  readonly status?: string;
  /** First instant of trading. */
  readonly listedMs?: number;
  /** Instant of settlement or delivery; what the exchange prints from then on is no market. */
  readonly settledMs?: number;
}

/** Reads a fact back, whose bytes must be those of its key. @throws CorruptObject where they are not, or are no JSON */
export function parseFact(key: string, bytes: Uint8Array): ListingFact {
  const expected = key.slice(key.lastIndexOf('/') + 1).replace(/\.json$/, '');
  const found = sha256(bytes);
  if (found !== expected) throw new CorruptObject(`${key} has sha256 ${found}, expected ${expected}`);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as ListingFact;
  } catch (cause) {
    throw new CorruptObject(`${key} is not JSON`, { cause });
  }
}

/** The life of the instrument that goes by a symbol today: it trades in `[listedMs, settledMs)`. */
export interface Listing {
  /** Minus infinity where nothing tells. */
  readonly listedMs: number;
  /** Infinity where it trades on, or nothing tells. */
  readonly settledMs: number;
}

/**
 * What the facts say together. The exchange's own word beats the archive's; a symbol that was listed twice is the younger
 * instrument, and its settlement is the latest said of that instrument (a date may be put off).
 */
export function listingOf(facts: readonly ListingFact[]): Listing {
  const told = facts.filter((fact) => fact.evidence === 'exchange_info');
  const said = told.filter((fact) => fact.listedMs !== undefined);
  const listedMs = said.length > 0 ? Math.max(...said.map((fact) => fact.listedMs!)) : earliest(facts);
  const own = told.filter((fact) => fact.listedMs === undefined || fact.listedMs === listedMs);
  const settled = (own.length > 0 ? own : facts).flatMap((fact) => fact.settledMs ?? []);
  return { listedMs, settledMs: settled.length > 0 ? Math.max(...settled) : Number.POSITIVE_INFINITY };
}

function earliest(facts: readonly ListingFact[]): number {
  const times = facts.flatMap((fact) => fact.listedMs ?? []);
  return times.length > 0 ? Math.min(...times) : Number.NEGATIVE_INFINITY;
}
