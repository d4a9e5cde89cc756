import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../lib/domain/candles.ts';
import { type Interval, nextOpenTime, nominalMs } from '../../lib/domain/interval.ts';
import { hash32 } from '../../lib/exchange/simulated/hashed-noise.ts';
import { seededRandom } from './random.ts';

/** One line of the archive's CSV, 12 fields, with values that depend on open time and seed only. */
export function candleRow(interval: Interval, openTimeMs: number, seed = 1): string {
  const noise = (n: number) => (hash32(seed + 7919 * n, openTimeMs / 60_000) % 1000) / 1000;
  const middle = 100 + 20 * Math.sin(openTimeMs / 4e7) + noise(1);
  const open = middle + noise(2);
  const close = middle + noise(3);
  const volume = 5 + 10 * noise(4);
  return [
    openTimeMs,
    open.toFixed(2),
    (Math.max(open, close) + noise(5)).toFixed(2),
    (Math.min(open, close) - noise(6)).toFixed(2),
    close.toFixed(2),
    volume.toFixed(3),
    nextOpenTime(interval, openTimeMs) - 1,
    (volume * middle).toFixed(5),
    1 + Math.floor(100 * noise(7)),
    (volume * noise(8)).toFixed(3),
    (volume * noise(8) * middle).toFixed(5),
    0,
  ].join(',');
}

/** Rows of `count` candles, one after the other. */
export function candleRows(interval: Interval, from: string, count: number, seed = 1): string[] {
  const rows: string[] = [];
  for (let openTimeMs = Date.parse(from); rows.length < count; openTimeMs = nextOpenTime(interval, openTimeMs)) {
    rows.push(candleRow(interval, openTimeMs, seed));
  }
  return rows;
}

/** The REST answer that holds these rows: times and counts as numbers, amounts as strings. */
export function restBody(rows: readonly string[]): Uint8Array {
  const answer = rows.map((row) =>
    row.split(',').map((text, field) => (field === 0 || field === 6 || field === 8 ? Number(text) : text)),
  );
  return Buffer.from(JSON.stringify(answer));
}

/** The values of candles row by row, in the order of CANDLE_COLUMNS. */
export function valuesOf(candles: Candles): number[][] {
  return Array.from({ length: candles.length }, (_, row) => CANDLE_COLUMNS.map((name) => candles[name][row]!));
}

/** Ways in which a market can move; the odd ones are where indicators divide by zero. */
export const SHAPES = {
  ordinary: { price: 100, step: 0.02, trend: 0, volume: 10 },
  flat: { price: 100, step: 0, trend: 0, volume: 10 },
  rising: { price: 1, step: 0, trend: 0.01, volume: 10 },
  falling: { price: 1e6, step: 0, trend: -0.01, volume: 10 },
  huge: { price: 1e12, step: 0.05, trend: 0, volume: 1e15 },
  tiny: { price: 1e-9, step: 0.05, trend: 0, volume: 1e-8 },
  silent: { price: 100, step: 0.02, trend: 0, volume: 0 },
} as const;
export type Shape = keyof typeof SHAPES;

/** Candles of a shape. Every value differs from every other, except those that the shape makes equal. */
export function sampleCandles(interval: Interval, length: number, shape: Shape = 'ordinary', seed = 1): Candles {
  const random = seededRandom(seed).next;
  const { price, step, trend, volume } = SHAPES[shape];
  const candles = allocateCandles(length);
  const { openTimeMs, open, high, low, close } = candles;
  let last = price;
  for (let i = 0; i < length; i++) {
    open[i] = last;
    last *= 1 + trend + (random() - 0.5) * step;
    close[i] = last;
    high[i] = Math.max(open[i]!, last) * (1 + random() * step);
    low[i] = Math.min(open[i]!, last) * (1 - random() * step);
    openTimeMs[i] = 1_700_000_000_000 + i * nominalMs(interval);
    candles.closeTimeMs[i] = openTimeMs[i]! + nominalMs(interval) - 1;
    candles.volume[i] = volume * (0.5 + random());
    candles.takerBuyVolume[i] = candles.volume[i]! * random();
    candles.quoteVolume[i] = candles.volume[i]! * last;
    candles.takerBuyQuoteVolume[i] = candles.takerBuyVolume[i]! * last;
    candles.trades[i] = Math.floor(candles.volume[i]! * 3);
  }
  return candles;
}

/** Ordinary candles with what is hard for a kernel: ties, flat stretches, candles without trades, spikes. */
export function roughCandles(interval: Interval, length: number, seed = 1): Candles {
  const candles = sampleCandles(interval, length, 'ordinary', seed);
  const random = seededRandom(seed + 1000).next;
  const { open, high, low, close, volume, takerBuyVolume } = candles;
  for (let i = 1; i < length; i++) {
    const kind = Math.floor((i / 25) % 4);
    if (kind === 1) {
      for (const column of [open, high, low, close]) column[i] = close[i - 1]!;
    } else if (kind === 2) {
      for (const column of [open, high, low, close]) column[i] = Math.round(column[i]! / 2) * 2;
    }
    if (random() < 0.1) {
      volume[i] = 0;
      takerBuyVolume[i] = 0;
    }
    // Amounts so far apart that a plain sum loses the small ones.
    const much = random() < 0.05 ? 2 ** 44 : 1;
    volume[i] = volume[i]! * much;
    takerBuyVolume[i] = takerBuyVolume[i]! * much;
    if (random() < 0.005) high[i] = high[i]! * 1e6;
  }
  return candles;
}
