import { ceilOpenTime, floorOpenTime, type Interval } from '../../domain/interval.ts';
import { type ListingFact, listingOf, parseFact } from '../../domain/listing.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { listingKey, listingPrefix } from '../keys.ts';
import type { LedgerLineage } from '../manifest/contract.ts';

/** A fact about the life of a symbol, and the hash of its landed object. */
export interface LandedFact extends ListingFact {
  readonly sha256: string;
}

/** The evidence for the begin or the end of a life. */
export interface LifeEvidence {
  /** The instant in the facts. It need not be on the grid. */
  readonly timeMs: number;
  /** The hashes of the facts. */
  readonly facts: readonly string[];
  /** The rule that decides if no fact does, and the price of the frozen candles. */
  readonly rule?: { readonly name: 'frozen_tail'; readonly price: number };
}

/** The open times at which candles of a symbol come from a market: from the listing to the settlement. */
export interface SymbolLife extends TimeRange {
  readonly listed: LifeEvidence;
  readonly settled: LifeEvidence;
}

/** Names a symbol of a market. */
type MarketSymbol = Pick<ListingFact, 'market' | 'symbol'>;

/** Lists the hashes of the facts about a symbol, in key order. */
export async function listFacts(store: ObjectStore, { market, symbol }: MarketSymbol): Promise<string[]> {
  const objects = await store.list(listingPrefix(market, symbol));
  return objects.flatMap(({ key }) => /\/([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? []);
}

/** Reads the facts about a symbol. @throws CorruptObject if the hash of an object is not that of its key */
export async function readFacts(store: ObjectStore, { market, symbol }: MarketSymbol): Promise<LandedFact[]> {
  const facts: LandedFact[] = [];
  for (const sha256 of await listFacts(store, { market, symbol })) {
    const key = listingKey(market, symbol, sha256);
    const bytes = await store.get(key);
    if (bytes) facts.push({ ...parseFact(key, bytes), sha256 });
  }
  return facts;
}

/** Returns the life of a symbol according to the facts, on the grid of an interval. */
export function symbolLife(interval: Interval, facts: readonly LandedFact[]): SymbolLife {
  const { listedMs, settledMs } = listingOf(facts);
  const evidenceFor = (isAbout: (fact: LandedFact) => boolean) => {
    const found = facts.filter(isAbout);
    const exchange = found.filter((fact) => fact.evidence === 'exchange_info');
    // If the exchange itself has the fact, the same fact from the archive is not further evidence.
    return (exchange.length > 0 ? exchange : found).map((fact) => fact.sha256);
  };
  return {
    fromMs: Number.isFinite(listedMs) ? floorOpenTime(interval, listedMs) : listedMs,
    toMs: Number.isFinite(settledMs) ? ceilOpenTime(interval, settledMs) : settledMs,
    listed: { timeMs: listedMs, facts: evidenceFor((fact) => fact.listedMs === listedMs) },
    settled: { timeMs: settledMs, facts: evidenceFor((fact) => fact.settledMs === settledMs) },
  };
}

type ServedPart = Pick<LedgerLineage, 'servedFromMs' | 'servedToMs'>;

/** Returns true if a shard was made with the part of the life that its period has now. */
export function hasServedPart({ servedFromMs, servedToMs }: ServedPart, period: Period, life: TimeRange): boolean {
  const now = servedPart(period, life);
  return servedFromMs === now.servedFromMs && servedToMs === now.servedToMs;
}

/** Returns the begin and the end of a life, each only if it is within the period. */
export function servedPart(period: Period, life: TimeRange): ServedPart {
  const { fromMs, toMs } = periodRange(period);
  return {
    ...(life.fromMs > fromMs && { servedFromMs: life.fromMs }),
    ...(life.toMs < toMs && { servedToMs: life.toMs }),
  };
}
