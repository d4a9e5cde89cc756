import { type Candles, joinCandles, sliceCandles } from '../../domain/candles.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Manifest } from '../manifest/contract.ts';
import { hashHead } from '../manifest/hash-candles.ts';

/** The source of the candles after a shard. */
export interface LookaheadSource {
  /** Returns the hash of the shard's first candles from its manifest; undefined if the manifest is missing or stale. */
  head(period: Period): Promise<Manifest['head'] | undefined>;
  /** Returns the candles that are served of the period. */
  served(period: Period): Promise<{ readonly candles: Candles }>;
}

/** The candles after a shard that its labels read. */
export interface Lookahead {
  /** The hash of these candles; the empty string if no candle follows. */
  readonly sha256: string;
  /** The periods that they are in. */
  readonly periods: readonly Period[];
  /** Returns them: as many as the horizon, or fewer if no more have landed. */
  candles(): Promise<Candles>;
}

/**
 * Returns the first candles after a shard, as many as the label horizon if they have landed. They come from the next
 * shard and, if that is too short, from the shards after it.
 */
export async function lookaheadAfter(
  period: Period,
  periods: readonly Period[],
  source: LookaheadSource,
  horizon: number,
): Promise<Lookahead> {
  const from: Period[] = [];
  const hashes: string[] = [];
  let count = 0;
  for (let index = periods.indexOf(period) + 1; index < periods.length && count < horizon; index++) {
    const following = periods[index]!;
    const head = (await source.head(following)) ?? hashHead((await source.served(following)).candles, horizon);
    if (head.candles === 0) continue;
    from.push(following);
    hashes.push(head.sha256);
    count += head.candles;
  }
  return {
    sha256: hashes.length === 0 ? '' : sha256(hashes.join('\n')),
    periods: from,
    async candles() {
      const parts = await Promise.all(from.map(async (following) => (await source.served(following)).candles));
      const first = joinCandles(parts.map((part) => sliceCandles(part, 0, Math.min(horizon, part.length))));
      return sliceCandles(first, 0, Math.min(horizon, first.length));
    },
  };
}
