import { CorruptObject } from './errors.ts';
import type { Market } from './market.ts';
import { sha256 } from './sha256.ts';

/**
 * A fact about the life of a symbol from one source. Each fact is one object, named by its hash. It contains no fetch
 * time, so the same fact received twice is one object.
 */
export interface ListingFact {
  readonly market: Market;
  readonly symbol: string;
  /** `exchange_info` names the instants. `archive` has the first file and, for a delisted symbol, the last. */
  readonly evidence: 'exchange_info' | 'archive';
  /** The state by the exchange's name, such as `TRADING` or `SETTLING`. */
  readonly status?: string;
  /** The first instant of trading. */
  readonly listedMs?: number;
  /** The instant of settlement or delivery. Candles after it do not come from a market. */
  readonly settledMs?: number;
}

/** Reads a fact. @throws CorruptObject if the bytes do not have the hash in their key, or are not JSON */
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

/** The life of the instrument that has a symbol today: it trades in `[listedMs, settledMs)`. */
export interface Listing {
  /** Minus infinity if no fact has it. */
  readonly listedMs: number;
  /** Infinity if no fact has it, for example because it still trades. */
  readonly settledMs: number;
}

/**
 * Combines facts. The exchange beats the archive. A symbol that was listed twice is the younger instrument, and its
 * settlement is the latest one given for that instrument, because a date may be postponed.
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
