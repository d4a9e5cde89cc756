import { ceilOpenTime, floorOpenTime, nextOpenTime } from '../../domain/interval.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import type { CandleSource, Listing, WireMarket, WireSeries } from './candle-source.ts';
import { type IntegerCandle, rowWriter } from './row-writer.ts';
import { type DayGenerator, type DayOfMinutes, MINUTES_A_DAY, SEEDED_RANGE, seededMinutes } from './seeded-minutes.ts';
import { type SeededSymbol, SYMBOLS } from './symbols.ts';

const MINUTE_MS = 60_000;

/**
 * Plausible candles of invented trading, a pure function of seed, market, symbol, interval and open time. Candles of
 * longer intervals are exact aggregates of the minute candles; a candle opens where the one before it closed.
 */
export function seededCandles(seed = 1): CandleSource {
  const generators = new Map<SeededSymbol, DayGenerator>();
  const generatorOf = (symbol: SeededSymbol): DayGenerator => {
    let generator = generators.get(symbol);
    if (!generator) {
      generator = seededMinutes(seed, symbol);
      generators.set(symbol, generator);
    }
    return generator;
  };
  const find = (series: WireSeries) => SYMBOLS[series.market].find((s) => s.symbol === series.symbol);
  const extent = (series: WireSeries): TimeRange | undefined => {
    const symbol = find(series);
    if (!symbol) return undefined;
    const { fromMs, toMs } = tradingMinutes(symbol);
    return { fromMs: floorOpenTime(series.interval, fromMs), toMs: ceilOpenTime(series.interval, toMs) };
  };
  return {
    revision: `seed ${seed}`,
    fewFiles: false,
    listings: (market: WireMarket): readonly Listing[] => SYMBOLS[market],
    extent,
    has(series, range) {
      const span = extent(series);
      if (!span) return false;
      const first = Math.max(ceilOpenTime(series.interval, range.fromMs), span.fromMs);
      return first < Math.min(range.toMs, span.toMs);
    },
    rows(series, range) {
      const symbol = find(series);
      const span = extent(series);
      if (!symbol || !span) return [];
      const fromMs = Math.max(ceilOpenTime(series.interval, range.fromMs), span.fromMs);
      const toMs = Math.min(ceilOpenTime(series.interval, range.toMs), span.toMs);
      return fromMs < toMs ? aggregate(symbol, generatorOf(symbol), series, { fromMs, toMs }) : [];
    },
  };
}

/** The minutes in which a symbol trades. */
function tradingMinutes(symbol: SeededSymbol): TimeRange {
  return { fromMs: symbol.onboardMs, toMs: Math.min(symbol.endMs ?? SEEDED_RANGE.toMs, SEEDED_RANGE.toMs) };
}

/** Rows of a range that begins and ends at open times of the interval. */
function aggregate(symbol: SeededSymbol, generate: DayGenerator, series: WireSeries, range: TimeRange): string[] {
  const rows: string[] = [];
  const write = rowWriter(symbol);
  const trading = tradingMinutes(symbol);
  const candle = new Candle();
  let openMs = range.fromMs;
  let nextMs = nextOpenTime(series.interval, openMs);
  const endMs = Math.min(range.toMs, trading.toMs);
  for (let day = Math.floor(range.fromMs / DAY_MS); day * DAY_MS < endMs; day++) {
    const minutes = generate(day);
    const dayMs = day * DAY_MS;
    const first = Math.max(0, Math.ceil((Math.max(range.fromMs, trading.fromMs) - dayMs) / MINUTE_MS));
    const last = Math.min(MINUTES_A_DAY, Math.ceil((endMs - dayMs) / MINUTE_MS));
    for (let m = first; m < last; m++) {
      if (dayMs + m * MINUTE_MS >= nextMs) {
        if (!candle.empty) rows.push(write(candle, openMs, nextMs));
        candle.empty = true;
        openMs = floorOpenTime(series.interval, dayMs + m * MINUTE_MS);
        nextMs = nextOpenTime(series.interval, openMs);
      }
      candle.add(minutes, m);
    }
  }
  if (!candle.empty) rows.push(write(candle, openMs, nextMs));
  return rows;
}

/** A candle in the making, in the units of `DayOfMinutes`. */
class Candle implements IntegerCandle {
  empty = true;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;
  quoteVolume = 0;
  trades = 0;
  takerVolume = 0;
  takerQuoteVolume = 0;

  add(minutes: DayOfMinutes, m: number): void {
    if (this.empty) {
      this.empty = false;
      this.open = minutes.open[m];
      this.high = minutes.high[m];
      this.low = minutes.low[m];
      this.volume = this.quoteVolume = this.trades = this.takerVolume = this.takerQuoteVolume = 0;
    } else {
      if (minutes.high[m] > this.high) this.high = minutes.high[m];
      if (minutes.low[m] < this.low) this.low = minutes.low[m];
    }
    this.close = minutes.close[m];
    this.volume += minutes.volume[m];
    this.quoteVolume += minutes.quoteVolume[m];
    this.trades += minutes.trades[m];
    this.takerVolume += minutes.takerVolume[m];
    this.takerQuoteVolume += minutes.takerQuoteVolume[m];
  }
}
