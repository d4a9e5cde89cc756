import { quoteDecimals } from './seeded-minutes.ts';
import type { SeededSymbol } from './symbols.ts';

/** A candle as integers: prices and quantities counted in units of their last decimal. */
export interface IntegerCandle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly quoteVolume: number;
  readonly trades: number;
  readonly takerVolume: number;
  readonly takerQuoteVolume: number;
}

// Jest looks globals up slowly; by names of their own these stay fast there too.
const { floor, max, min } = Math;

const COMMA = 44;
const POINT = 46;
const ZERO = 48;

/**
 * Writes candles as lines of the archive's CSV. Digits go to bytes by hand, since number-to-text was four fifths of the
 * time of a year of minutes. Beyond 2^53 the last digits are not exact.
 */
export function rowWriter(symbol: SeededSymbol): (candle: IntegerCandle, openMs: number, nextMs: number) => string {
  const line = Buffer.alloc(512);
  const price = symbol.priceDecimals;
  const quantity = symbol.quantityDecimals;
  const quote = quoteDecimals(symbol);
  return (candle, openMs, nextMs) => {
    let at = writeDecimal(line, 0, openMs, 0);
    at = writeDecimal(line, at, candle.open, price);
    at = writeDecimal(line, at, candle.high, price);
    at = writeDecimal(line, at, candle.low, price);
    at = writeDecimal(line, at, candle.close, price);
    at = writeDecimal(line, at, candle.volume, quantity);
    at = writeDecimal(line, at, nextMs - 1, 0);
    at = writeDecimal(line, at, candle.quoteVolume, quote);
    at = writeDecimal(line, at, candle.trades, 0);
    at = writeDecimal(line, at, candle.takerVolume, quantity);
    at = writeDecimal(line, at, candle.takerQuoteVolume, quote);
    line[at] = ZERO;
    return line.toString('latin1', 0, at + 1);
  };
}

/** Writes `units` of the last decimal as a decimal number and a comma; returns where the next goes. */
function writeDecimal(line: Buffer, at: number, units: number, decimals: number): number {
  const one = 10 ** decimals;
  const whole = floor(units / one);
  let end = writeWhole(line, at, whole);
  if (decimals > 0) {
    line[end++] = POINT;
    // Beyond 2^53 the remainder may come out a little outside.
    writeDigits(line, end, min(one - 1, max(0, units - whole * one)) | 0, decimals);
    end += decimals;
  }
  line[end] = COMMA;
  return end + 1;
}

const BILLION = 1_000_000_000;

function writeWhole(line: Buffer, at: number, value: number): number {
  if (value >= BILLION) {
    const high = floor(value / BILLION);
    const end = writeWhole(line, at, high);
    writeDigits(line, end, (value - high * BILLION) | 0, 9);
    return end + 9;
  }
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  writeDigits(line, at, value | 0, digits);
  return at + digits;
}

/** Exactly `count` digits, zeros in front. The value is below 2^31. */
function writeDigits(line: Buffer, at: number, value: number, count: number): void {
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    line[i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}
