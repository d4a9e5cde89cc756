import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import type { CandleSource, Listing, WireMarket } from './candle-source.ts';
import { hash32, hashText, normal } from './hashed-noise.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = 300_000;

/**
 * A candle of the mark price: near the candle's own prices, eight decimals, and placeholders for volumes and trades.
 * Takes and gives a line of the archive's CSV.
 */
export function markRow(row: string): string {
  const fields = row.split(',');
  const factor = 1 + 0.0004 * normal(0x3a4b, Math.floor(Number(fields[0]) / 60_000));
  const prices = fields.slice(1, 5).map((price) => (Number(price) * factor).toFixed(8));
  return [fields[0], ...prices, '0', fields[6], '0', '60', '0', '0', '0'].join(',');
}

interface FundingEvent {
  /** Some milliseconds behind the hour, for one in three. */
  readonly timeMs: number;
  readonly intervalHours: number;
  readonly rate: string;
  readonly markPrice: string;
}

/** Hours between two fundings of a symbol, always the same. */
export function fundingIntervalHours({ symbol }: Listing): number {
  return [8, 8, 8, 4, 1][hashText(symbol) % 5]!;
}

/** Fundings due in the range, while the symbol trades, ascending. */
export function fundingEvents(
  source: CandleSource,
  market: WireMarket,
  listing: Listing,
  { fromMs, toMs }: TimeRange,
): FundingEvent[] {
  const intervalHours = fundingIntervalHours(listing);
  const stepMs = intervalHours * HOUR_MS;
  const key = hashText(`funding ${listing.symbol}`);
  const events: FundingEvent[] = [];
  const beginMs = Math.max(fromMs, listing.onboardMs);
  const endMs = Math.min(toMs, listing.endMs ?? toMs);
  // A funding of the hour before the range may, by its jitter, lie within it.
  for (let hourMs = Math.floor(beginMs / stepMs) * stepMs; hourMs < endMs; hourMs += stepMs) {
    const bits = hash32(key, hourMs / HOUR_MS);
    const timeMs = hourMs + (bits % 3 === 0 ? (bits >>> 8) % 30 : 0);
    if (timeMs < beginMs || timeMs >= endMs) continue;
    const rate = (0.0001 + 0.00008 * normal(key, hourMs / HOUR_MS)).toFixed(8);
    events.push({ timeMs, intervalHours, rate, markPrice: priceAt(source, market, listing, hourMs) });
  }
  return events;
}

interface OpenInterestSample {
  /** As published: see `labelShift`. */
  readonly labelMs: number;
  readonly amount: string;
  readonly value: string;
}

/** From here on the label names the beginning of five minutes, before it their end. */
export const LABEL_SHIFT_MS = Date.UTC(2026, 5, 25);

/** When the sample under a label was taken. */
export function sampledAtMs(labelMs: number): number {
  return labelMs < LABEL_SHIFT_MS ? labelMs : labelMs + STEP_MS;
}

/** Samples whose label lies in the range, while the symbol trades, ascending. */
export function openInterest(
  source: CandleSource,
  market: WireMarket,
  listing: Listing,
  { fromMs, toMs }: TimeRange,
  sampledAt: (labelMs: number) => number = sampledAtMs,
): OpenInterestSample[] {
  const key = hashText(`open interest ${listing.symbol}`);
  const samples: OpenInterestSample[] = [];
  let hour = Number.NaN;
  let price = 0;
  const endMs = Math.min(toMs, listing.endMs ?? toMs);
  for (let labelMs = Math.ceil(fromMs / STEP_MS) * STEP_MS; labelMs < endMs; labelMs += STEP_MS) {
    const atMs = sampledAt(labelMs);
    if (atMs < listing.onboardMs) continue;
    if (Math.floor(atMs / HOUR_MS) !== hour) {
      hour = Math.floor(atMs / HOUR_MS);
      price = Number(priceAt(source, market, listing, hour * HOUR_MS));
    }
    const slow = 1 + 0.2 * Math.sin((2 * Math.PI * (atMs / DAY_MS + (key % 7))) / 11);
    const amount = 80_000 * slow * (1 + 0.002 * normal(key, atMs / STEP_MS));
    samples.push({ labelMs, amount: amount.toFixed(8), value: (amount * price).toFixed(8) });
  }
  return samples;
}

/** Prices of the hours of a day, of the days asked for so far: a day of candles is made as a whole anyway. */
const prices = new WeakMap<CandleSource, Map<string, ReadonlyMap<number, string>>>();

/** The mark price at an hour. */
function priceAt(source: CandleSource, market: WireMarket, { symbol }: Listing, hourMs: number): string {
  const days = prices.get(source) ?? new Map<string, ReadonlyMap<number, string>>();
  prices.set(source, days);
  const fromMs = Math.floor(hourMs / DAY_MS) * DAY_MS;
  const name = `${market} ${symbol} ${fromMs}`;
  let day = days.get(name);
  if (!day) {
    const rows = source.rows({ market, symbol, interval: '1h' }, { fromMs, toMs: fromMs + DAY_MS });
    day = new Map(rows.map((row) => [Number(row.split(',')[0]), markRow(row).split(',')[1]!]));
    days.set(name, day);
  }
  return day.get(hourMs) ?? '100.00000000';
}
