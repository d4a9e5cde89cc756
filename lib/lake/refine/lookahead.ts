import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../domain/candles.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Manifest } from '../manifest/contract.ts';
import { hashHead } from '../manifest/hash-candles.ts';

/** What can be known of a shard without refining it. */
export interface ShardPeek {
  manifest(period: Period): Promise<Manifest | undefined>;
  /** The candles that are served of it. */
  decoded(period: Period): Promise<{ readonly candles: Candles }>;
  /** Hash of the shard's first candles from its manifest, where that still stands for what has landed. */
  head(period: Period): Promise<Manifest['head'] | undefined>;
  /** Lets go of what was read of a shard that is done. */
  forget(period: Period): void;
}

/** The candles after a shard that its labels look at. */
export interface Lookahead {
  readonly sha256: string;
  /** The shards that they are of. */
  readonly periods: readonly Period[];
  /** At most the horizon's number of them; fewer where no more have landed. */
  candles(): Promise<Candles>;
}

/**
 * The first candles after a shard, as many as the label horizon asks for where they have landed; from the next shard
 * and, where that is too short, from those behind it.
 */
export async function lookaheadAfter(
  period: Period,
  periods: readonly Period[],
  peek: ShardPeek,
  horizon: number,
): Promise<Lookahead> {
  const from: Period[] = [];
  const hashes: string[] = [];
  let count = 0;
  for (let index = periods.indexOf(period) + 1; index < periods.length && count < horizon; index++) {
    const following = periods[index]!;
    const head = (await peek.head(following)) ?? hashHead((await peek.decoded(following)).candles, horizon);
    if (head.candles === 0) continue;
    from.push(following);
    hashes.push(head.sha256);
    count += head.candles;
  }
  return {
    sha256: hashes.length === 0 ? '' : sha256(hashes.join('\n')),
    periods: from,
    async candles() {
      const parts = await Promise.all(from.map(async (following) => (await peek.decoded(following)).candles));
      return firstCandles(parts, horizon);
    },
  };
}

function firstCandles(parts: readonly Candles[], limit: number): Candles {
  const length = Math.min(
    limit,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  const first = allocateCandles(length);
  for (const name of CANDLE_COLUMNS) {
    let row = 0;
    for (const part of parts) {
      const take = Math.min(part.length, length - row);
      first[name].set(part[name].subarray(0, take), row);
      row += take;
    }
  }
  return first;
}
