import { allocateCandles, type Candles } from '../lib/domain/candles.ts';
import { MINUTE_MS } from '../test/support/time.ts';

/** Candles of 1m in a year of 365 days. */
export const YEAR_OF_1M = 525_600;

const BEGIN_MS = Date.UTC(2015, 0, 1);
const TICK = 0.1;
const STEPS = 4;

/**
 * Candles of 1m of a seeded random walk, of any number, with prices on a tick of 0.1. They are measured if a series is
 * longer than the archive's, or if other libraries read it too.
 */
export function walkCandles(length: number, seed = 1): Candles {
  const candles = allocateCandles(length);
  const random = mulberry32(seed);
  let price = 42_000;
  for (let i = 0; i < length; i++) {
    const open = price;
    let high = open;
    let low = open;
    let steps = 0;
    // The walk turns round at the edges, so that ten years of it stay prices.
    const calm = 0.0002 + 0.0003 * (0.5 + 0.5 * Math.sin(i / 3_000));
    for (let step = 0; step < STEPS; step++) {
      const move = (random() + random() + random() - 1.5) * calm;
      const pull = (42_000 - price) * 2e-6;
      price = Math.round((price * (1 + move) + pull) / TICK) / (1 / TICK);
      if (price > high) high = price;
      if (price < low) low = price;
      steps += Math.abs(move);
    }
    const volume = Math.round((0.2 + random()) * (1 + steps / calm) * 20_000) / 1_000;
    const bought = Math.round(volume * (0.25 + 0.5 * random()) * 1_000) / 1_000;
    candles.openTimeMs[i] = BEGIN_MS + i * MINUTE_MS;
    candles.closeTimeMs[i] = candles.openTimeMs[i] + MINUTE_MS - 1;
    candles.open[i] = open;
    candles.high[i] = high;
    candles.low[i] = low;
    candles.close[i] = price;
    candles.volume[i] = volume;
    candles.takerBuyVolume[i] = bought;
    candles.quoteVolume[i] = volume * price;
    candles.takerBuyQuoteVolume[i] = bought * price;
    candles.trades[i] = Math.round(volume * 20);
  }
  return candles;
}

/** Numbers in [0, 1) from a 32-bit seed (Ettinger 2017). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
