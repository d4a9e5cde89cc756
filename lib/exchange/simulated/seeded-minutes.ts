import { hash32, hashText, normal, uniform } from './hashed-noise.ts';
import type { SeededSymbol } from './symbols.ts';

// Jest looks globals up slowly; by names of their own these stay fast there too.
const { abs, exp, floor, log, max, min, round, sign, sqrt } = Math;

export const MINUTES_A_DAY = 1440;
const MINUTE_MS = 60_000;
const DAY_MS = MINUTES_A_DAY * MINUTE_MS;
const FIRST_DAY = Date.UTC(2010, 0, 1) / DAY_MS;
const DAYS = 16_384;

/** Instants outside which there are no seeded candles. */
export const SEEDED_RANGE = { fromMs: FIRST_DAY * DAY_MS, toMs: (FIRST_DAY + DAYS) * DAY_MS };

/** The minute candles of one day as integers: prices and quantities in units of their last decimal. */
export interface DayOfMinutes {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly quoteVolume: Float64Array;
  readonly trades: Float64Array;
  readonly takerVolume: Float64Array;
  readonly takerQuoteVolume: Float64Array;
}

export type DayGenerator = (day: number) => DayOfMinutes;

// Europe and America trade more than the Asian night: activity by hour of the day, UTC, about 1 in the mean.
const HOURLY_ACTIVITY = [
  1.05, 0.95, 0.85, 0.75, 0.7, 0.68, 0.75, 0.9, 1.0, 1.0, 0.95, 0.95, 1.1, 1.45, 1.7, 1.65, 1.45, 1.2, 1.05, 1.0, 1.0,
  0.95, 0.9, 0.97,
];

/**
 * Minute candles of a symbol, any day in the same short time and a pure function of seed, symbol and day. The log price
 * at midnight is one table of a few thousand days (mean reverting, with volatility that clusters); within a day minutes
 * are a random walk tied to both midnights, so that days join without a seam. The answer's arrays are used again for
 * the next day.
 */
export function seededMinutes(seed: number, symbol: SeededSymbol): DayGenerator {
  const key = hash32(hashText(`${symbol.symbol}/${symbol.quoteAsset}/${symbol.priceDecimals}`), seed);
  const { logPrice, volatility } = dailyTables(key, symbol);
  const tick = symbol.tickSteps / 10 ** symbol.priceDecimals;
  const quantityUnit = 10 ** symbol.quantityDecimals;
  const quoteUnit = 10 ** quoteDecimals(symbol);
  const column = () => new Float64Array(MINUTES_A_DAY);
  const path = new Float64Array(MINUTES_A_DAY + 1);
  const spread = new Float64Array(MINUTES_A_DAY);
  const minutes: DayOfMinutes = {
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    quoteVolume: column(),
    trades: column(),
    takerVolume: column(),
    takerQuoteVolume: column(),
  };
  const walk = key ^ 0x5eed01;
  const shape = key ^ 0x5eed02;
  const amount = key ^ 0x5eed03;
  const taker = key ^ 0x5eed04;
  const idle = key ^ 0x5eed05;

  /** Log prices at the boundaries of the day's minutes, and the standard deviation of each minute. */
  function walkDay(day: number): void {
    const index = day - FIRST_DAY;
    let sum = 0;
    let clock = 0;
    for (let m = 0; m < MINUTES_A_DAY; m++) {
      if (m % 60 === 0) {
        const hour = m / 60;
        const burst = exp(0.3 * normal(walk ^ 0xb5, day * 24 + hour));
        spread.fill(symbol.minuteSd * volatility[index] * sqrt(HOURLY_ACTIVITY[hour]) * burst, m, m + 60);
      }
      const sd = spread[m];
      sum += sd * normal(walk, day * MINUTES_A_DAY + m);
      clock += sd * sd;
      path[m + 1] = sum;
    }
    // Ties the walk to the next midnight: what it misses is spread over the day in proportion to variance.
    const miss = logPrice[index + 1] - logPrice[index] - sum;
    let elapsed = 0;
    path[0] = logPrice[index];
    for (let m = 0; m < MINUTES_A_DAY; m++) {
      elapsed += spread[m] * spread[m];
      path[m + 1] += logPrice[index] + (miss * elapsed) / clock;
    }
  }

  return (day) => {
    if (day < FIRST_DAY || day >= FIRST_DAY + DAYS)
      throw new RangeError(`day must be within 2010 and 2054, got ${day}`);
    walkDay(day);
    let open = toTicks(path[0], tick);
    for (let m = 0; m < MINUTES_A_DAY; m++) {
      const minute = day * MINUTES_A_DAY + m;
      const sd = spread[m];
      // The last minute of a day always trades: the next day starts from the table, not from this loop.
      const idles = symbol.idleShare > 0 && m < MINUTES_A_DAY - 1 && uniform(idle, minute) < symbol.idleShare;
      const close = idles ? open : toTicks(path[m + 1], tick);
      const bits = hash32(shape, minute);
      const up = wick((bits & 0xffff) / 65_536, sd);
      const down = wick((bits >>> 16) / 65_536, sd);
      const top = max(open, close);
      const bottom = min(open, close);
      const high = idles ? open : top + floor(top * up);
      const low = idles ? open : max(1, bottom - floor(bottom * down));
      const move = abs(close - open) / open / sd;
      const activity = (sd / symbol.minuteSd) * (0.5 + 0.45 * move) * exp(0.5 * normal(amount, minute));
      const volume = idles ? 0 : max(1, round(symbol.minuteVolume * activity * quantityUnit));
      // Buyers lead where the price rises.
      const lean = sign(close - open) * min(0.22, 0.09 * move);
      const share = min(1, max(0, 0.5 + lean + 0.12 * normal(taker, minute)));
      const takerVolume = round(volume * share);
      const mean = ((open + high + low + close) / 4) * tick;
      const price = symbol.contractSize === undefined ? mean : symbol.contractSize / mean;
      const quote = round((volume / quantityUnit) * price * quoteUnit);
      minutes.open[m] = open * symbol.tickSteps;
      minutes.high[m] = high * symbol.tickSteps;
      minutes.low[m] = low * symbol.tickSteps;
      minutes.close[m] = close * symbol.tickSteps;
      minutes.volume[m] = volume;
      minutes.quoteVolume[m] = quote;
      minutes.trades[m] = idles ? 0 : max(1, round(volume / quantityUnit / symbol.tradeSize));
      minutes.takerVolume[m] = takerVolume;
      minutes.takerQuoteVolume[m] = volume === 0 ? 0 : round((quote * takerVolume) / volume);
      open = close;
    }
    return minutes;
  };
}

/** Decimals of quote volumes: futures add those of price and quantity, spot and COIN-M write eight. */
export function quoteDecimals(symbol: SeededSymbol): number {
  return symbol.contractSize === undefined ? min(8, symbol.priceDecimals + symbol.quantityDecimals) : 8;
}

function toTicks(logPrice: number, tick: number): number {
  return max(1, round(exp(logPrice) / tick));
}

/** Returns the length of a candle's wick as a share of the price, for u in [0, 1): mostly short. */
function wick(u: number, sd: number): number {
  return (sd * 0.35 * u) / (1.3 - u);
}

function dailyTables(key: number, symbol: SeededSymbol): { logPrice: Float64Array; volatility: Float64Array } {
  const logPrice = new Float64Array(DAYS + 1);
  const volatility = new Float64Array(DAYS + 1);
  const daySd = symbol.minuteSd * sqrt(MINUTES_A_DAY);
  const mean = log(symbol.price);
  let away = 0;
  let heat = 0;
  for (let day = 0; day <= DAYS; day++) {
    logPrice[day] = mean + away;
    heat = 0.93 * heat + 0.37 * 0.3 * normal(key ^ 0xd1, day);
    volatility[day] = exp(heat);
    // Pulled back by a thousandth a day, so that decades of walking stay in a range a person would believe.
    away = 0.999 * away + daySd * volatility[day] * normal(key ^ 0xd2, day);
  }
  return { logPrice, volatility };
}
