import type { Candles } from '../../domain/candles.ts';
import { ceilOpenTime, floorOpenTime, type Interval, nextOpenTime } from '../../domain/interval.ts';
import { type ListingFact, listingOf, parseFact } from '../../domain/listing.ts';
import type { Series } from '../../domain/series.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { listingKey, listingPrefix } from '../keys.ts';

/** A fact about a symbol's life, and the hash of the bytes that say so. */
export interface LandedFact extends ListingFact {
  readonly sha256: string;
}

/** Who says when a symbol's life begins or ends. */
export interface LifeEvidence {
  /** The instant told, which the grid need not have. */
  readonly timeMs: number;
  readonly facts: readonly string[];
  /** Where no fact says it, the rule that does, and the price that stood still. */
  readonly rule?: { readonly name: 'frozen_tail'; readonly price: number };
}

/** The open times at which a candle of a series is a market's: before lies what was not listed, after it what is settled. */
export interface Life extends TimeRange {
  readonly listed: LifeEvidence;
  readonly settled: LifeEvidence;
}

/** Hashes of what was said of the symbol, in their order. */
export async function listFacts(store: ObjectStore, { market, symbol }: Series): Promise<string[]> {
  const objects = await store.list(listingPrefix(market, symbol));
  return objects.flatMap(({ key }) => /\/([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? []);
}

/** Reads what was said of the symbol. @throws CorruptObject where bytes are not those of their key. */
export async function readFacts(store: ObjectStore, series: Series): Promise<LandedFact[]> {
  const facts: LandedFact[] = [];
  for (const expected of await listFacts(store, series)) {
    const key = listingKey(series.market, series.symbol, expected);
    const bytes = await store.get(key);
    if (!bytes) continue;
    facts.push({ ...parseFact(key, bytes), sha256: expected });
  }
  return facts;
}

/** What the facts say of a series' life. */
export function lifeOf(interval: Interval, facts: readonly LandedFact[]): Life {
  const { listedMs, settledMs } = listingOf(facts);
  const saying = (told: (fact: LandedFact) => boolean) => {
    const found = facts.filter(told);
    const exchange = found.filter((fact) => fact.evidence === 'exchange_info');
    // Where the exchange itself says so, the archive's saying the same decides nothing and is no other evidence.
    return (exchange.length > 0 ? exchange : found).map((fact) => fact.sha256);
  };
  return {
    fromMs: Number.isFinite(listedMs) ? floorOpenTime(interval, listedMs) : listedMs,
    toMs: Number.isFinite(settledMs) ? ceilOpenTime(interval, settledMs) : settledMs,
    listed: { timeMs: listedMs, facts: saying((fact) => fact.listedMs === listedMs) },
    settled: { timeMs: settledMs, facts: saying((fact) => fact.settledMs === settledMs) },
  };
}

/** Candles of a period as they landed, and how far the archive's files of it reach. */
export interface TailPart {
  readonly candles: Candles;
  readonly archivedUntilMs: number;
}

/**
 * The life of a symbol of which only the archive tells, and that it ends there: what is printed at its very end without a
 * trade, at one price, for a day or longer, is no market but the price of a settlement handed on.
 * @param parts periods of the series, the last first
 */
export async function withoutFrozenTail(
  interval: Interval,
  life: Life,
  facts: readonly LandedFact[],
  parts: AsyncIterable<TailPart>,
): Promise<Life> {
  const delisted = Number.isFinite(life.toMs) && facts.every((fact) => fact.evidence === 'archive');
  if (!delisted) return life;
  let price: number | undefined;
  let sinceMs = Number.NaN;
  let untilMs = Number.NaN;
  let count = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for await (const { candles, archivedUntilMs } of parts) {
    reached = Math.max(reached, archivedUntilMs);
    if (candles.length === 0) continue;
    // Without the last file nobody knows whether it trades on.
    if (reached < life.settled.timeMs) return life;
    let row = candles.length - 1;
    if (count === 0) untilMs = nextOpenTime(interval, candles.openTimeMs[row]!);
    for (; row >= 0 && isFrozen(candles, row, price); row--) {
      price = candles.close[row]!;
      sinceMs = candles.openTimeMs[row]!;
      count++;
    }
    if (row >= 0) break;
  }
  if (count < 2 || untilMs - sinceMs < DAY_MS) return life;
  const rule = { name: 'frozen_tail', price: price! } as const;
  return { ...life, toMs: floorOpenTime(interval, sinceMs), settled: { ...life.settled, timeMs: sinceMs, rule } };
}

function isFrozen(
  { open, high, low, close, volume, trades }: Candles,
  row: number,
  price: number | undefined,
): boolean {
  const at = price ?? close[row]!;
  return (
    trades[row] === 0 &&
    volume[row] === 0 &&
    open[row] === at &&
    high[row] === at &&
    low[row] === at &&
    close[row] === at
  );
}
