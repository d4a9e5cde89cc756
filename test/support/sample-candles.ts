import { allocateCandles, type Candles } from '../../lib/domain/candles.ts';
import { type Interval, nominalMs } from '../../lib/domain/interval.ts';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
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

/** Candles of a shape; every value differs from every other, but for what the shape makes equal. */
export function sampleCandles(interval: Interval, length: number, shape: Shape = 'ordinary', seed = 1): Candles {
  const random = seeded(seed);
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

/** Ordinary candles with everything that makes a kernel stumble: ties, flat stretches, candles without trades, spikes. */
export function roughCandles(interval: Interval, length: number, seed = 1): Candles {
  const candles = sampleCandles(interval, length, 'ordinary', seed);
  const random = seeded(seed + 1000);
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
