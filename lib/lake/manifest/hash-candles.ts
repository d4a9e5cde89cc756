import { CANDLE_COLUMNS, type Candles, sliceCandles } from '../../domain/candles.ts';
import { sha256 } from '../../domain/sha256.ts';

/** Returns the hash of candle values. It does not depend on their source. */
export function hashCandles(candles: Candles): string {
  return sha256(
    `${candles.length}\0`,
    ...CANDLE_COLUMNS.map((name) => {
      const { buffer, byteOffset, byteLength } = candles[name];
      return new Uint8Array(buffer, byteOffset, byteLength);
    }),
  );
}

/** Returns the hash of the first `count` candles, or of all if there are fewer. */
export function hashHead(candles: Candles, count: number): { sha256: string; candles: number } {
  const head = sliceCandles(candles, 0, Math.min(count, candles.length));
  return { sha256: hashCandles(head), candles: head.length };
}

/** Returns the chain hash of a shard: it covers its candles and everything before. A shard without candles keeps it. */
export function chainOf(previousChain: string, candles: Candles, codeHash: string): string {
  if (candles.length === 0) return previousChain;
  return sha256(previousChain, '\n', hashCandles(candles), '\n', codeHash);
}
