import fc from 'fast-check';
import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../../lib/domain/candles.ts';
import type { DecodedShard } from '../../../lib/lake/landing/decode-shard.ts';
import { hashHead } from '../../../lib/lake/manifest/hash-candles.ts';
import { type LookaheadSource, lookaheadAfter } from '../../../lib/lake/refine/lookahead.ts';

const HORIZON = 4;

function candlesOf(values: readonly number[]): Candles {
  const candles = allocateCandles(values.length);
  for (const column of CANDLE_COLUMNS) candles[column].set(values);
  return candles;
}

/** Shards `0`, `1`, … of these values; those in `refined` have a manifest that answers. */
function sourceOf(shards: readonly (readonly number[])[], refined: ReadonlySet<number>) {
  const decodings: string[] = [];
  const source: LookaheadSource = {
    served: async (period) => {
      decodings.push(period);
      return { candles: candlesOf(shards[Number(period)]!) } as DecodedShard;
    },
    head: async (period) =>
      refined.has(Number(period)) ? hashHead(candlesOf(shards[Number(period)]!), HORIZON) : undefined,
  };
  return { source, decodings, periods: shards.map((_, index) => String(index)) };
}

const shards = fc.array(fc.array(fc.nat(9), { maxLength: 6 }), { minLength: 1, maxLength: 5 });
const refined = fc.uniqueArray(fc.nat(4)).map((indices) => new Set(indices));

test('the candles are the first that follow, from as many shards as it takes', async () => {
  await fc.assert(
    fc.asyncProperty(shards, refined, async (all, known) => {
      const { source, periods } = sourceOf(all, known);
      const lookahead = await lookaheadAfter('0', periods, source, HORIZON);
      const expected = all.slice(1).flat().slice(0, HORIZON);
      const candles = await lookahead.candles();
      expect([...candles.close]).toEqual(expected);
      expect(candles.length).toBe(expected.length);
      expect(lookahead.sha256 === '').toBe(expected.length === 0);
    }),
  );
});

test('the hash is the same from a manifest and from the landed bytes, and differs if the candles differ', async () => {
  await fc.assert(
    fc.asyncProperty(shards, shards, refined, refined, async (one, other, knownOne, knownOther) => {
      const hash = async (all: number[][], known: ReadonlySet<number>) => {
        const { source, periods } = sourceOf(all, known);
        return (await lookaheadAfter('0', periods, source, HORIZON)).sha256;
      };
      expect(await hash(one, knownOne)).toBe(await hash(one, knownOther));
      const following = (all: number[][]) => all.slice(1).flat().slice(0, HORIZON);
      if (JSON.stringify(following(one)) !== JSON.stringify(following(other))) {
        expect(await hash(one, knownOne)).not.toBe(await hash(other, knownOther));
      }
    }),
  );
});

test('no shard is decoded for its hash that a manifest answers for, and none beyond the horizon', async () => {
  const all = [[1], [2, 3], [4, 5, 6], [7]];
  const { source, periods, decodings } = sourceOf(all, new Set([1]));
  await lookaheadAfter('0', periods, source, HORIZON);
  expect(decodings).toEqual(['2']);
});
