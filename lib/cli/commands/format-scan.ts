import { formatBytes } from '../../domain/format-amount.ts';
import type { QueryResult } from '../../ports.ts';

/**
 * Athena's price in most regions, and the smallest amount that it bills for a query (aws.amazon.com/athena/pricing,
 * 2026).
 */
const USD_PER_TB = 5;
const LEAST_BYTES = 10_000_000;

/** Returns a line with the bytes and the cost of a query. Empty if the engine does not report them, like DuckDB. */
export function formatScan({ scannedBytes, reused }: Pick<QueryResult, 'scannedBytes' | 'reused'>): string {
  if (reused) return 'scanned nothing, $0: an earlier result, used again\n';
  if (scannedBytes === undefined) return '';
  const usd = (Math.max(scannedBytes, LEAST_BYTES) / 1e12) * USD_PER_TB;
  const price = usd < 0.01 ? usd.toFixed(6) : usd.toFixed(2);
  return `scanned ${formatBytes(scannedBytes)}, about $${price} at $${USD_PER_TB} a TB, 10 MB at least\n`;
}
