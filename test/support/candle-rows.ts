import type { Candles } from '../../lib/domain/candles.ts';
import { CANDLE_COLUMNS } from '../../lib/domain/candles.ts';
import { type Interval, nextOpenTime } from '../../lib/domain/interval.ts';
import { hash32 } from '../../lib/exchange/simulated/hashed-noise.ts';

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
