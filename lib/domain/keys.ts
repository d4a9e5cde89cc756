import { parseRangeLabel, rangeLabel, SOURCES, type Source } from './chunk.ts';
import type { Market } from './market.ts';
import type { Period } from './period.ts';
import { type Series, seriesName, seriesPath } from './series.ts';
import type { TimeRange } from './time-range.ts';

/** The Parquet tables of the lake, each with one object a shard. */
export const TABLES = ['candles', 'features', 'labels'] as const;
export type Table = (typeof TABLES)[number];

/** Prefix of everything one table holds of a series, ending in `/`. */
export function tablePrefix(table: Table, series: Series): string {
  return `${table}/${seriesPath(series)}/`;
}

/** Key of one shard of one table: `candles/market=…/symbol=…/interval=…/period=2024/candles.parquet`. */
export function tableKey(table: Table, series: Series, period: Period): string {
  return `${tablePrefix(table, series)}period=${period}/${table}.parquet`;
}

export function checkpointPrefix(series: Series): string {
  return `checkpoints/${seriesPath(series)}/`;
}

/** Key of the kernel state at the end of a shard. */
export function checkpointKey(series: Series, period: Period): string {
  return `${checkpointPrefix(series)}period=${period}/checkpoint.bin`;
}

export function manifestPrefix(series: Series): string {
  return `manifests/${seriesPath(series)}/`;
}

/** Key of the lineage of a shard. Written last: a shard is what its manifest says. */
export function manifestKey(series: Series, period: Period): string {
  return `${manifestPrefix(series)}period=${period}/manifest.json`;
}

export function landingPrefix(series: Series): string {
  return `landing/klines/${seriesPath(series)}/`;
}

/** Prefix of what was said of a symbol's life, over all intervals. */
export function listingPrefix(market: Market, symbol: string): string {
  return `landing/listings/market=${market}/symbol=${symbol}/`;
}

/** Key of one fact about a symbol's life, content-addressed. */
export function listingKey(market: Market, symbol: string, sha256: string): string {
  return `${listingPrefix(market, symbol)}${sha256}.json`;
}

/** The bytes of one answer of the exchange: which series, from where, for which open times, and their sha256. */
export interface LandingId {
  readonly series: Series;
  readonly source: Source;
  readonly range: TimeRange;
  readonly sha256: string;
}

/** Key of landed bytes, content-addressed: `…/source=archive_monthly/2024-02/<sha256>.zip` (REST: `.json`). */
export function landingKey(id: LandingId): string {
  const ending = id.source === 'rest' ? 'json' : 'zip';
  return `${landingPrefix(id.series)}source=${id.source}/${rangeLabel(id.source, id.range)}/${id.sha256}.${ending}`;
}

/** Key of the receipt beside landed bytes (url, time, sha256). Written after them: bytes without one do not count. */
export function receiptKey(id: LandingId): string {
  return landingKey(id).replace(/\.(zip|json)$/, '.receipt.json');
}

const RECEIPT = /source=([a-z_]+)\/([^/]+)\/([0-9a-f]{64})\.receipt\.json$/;

/** Reads a receipt key back; undefined where the key is not one (the bytes beside it, say). */
export function parseReceiptKey(series: Series, key: string): LandingId | undefined {
  const prefix = landingPrefix(series);
  const match = key.startsWith(prefix) ? RECEIPT.exec(key.slice(prefix.length)) : null;
  const source = SOURCES.find((s) => s === match?.[1]);
  if (!match || !source) return undefined;
  return { series, source, range: parseRangeLabel(source, match[2]!), sha256: match[3]! };
}

/** Key of an object of one run, such as `plan.json` or `report.json`. */
export function runKey(runId: string, name: string): string {
  return `runs/${runId}/${name}`;
}

/**
 * Key of a second copy of a run's report, by the day it was planned on: `run_reports/day=2026-11-20/<run id>.json`. Athena
 * reads these; below `runs/` it would read every plan and result as well.
 */
export function runReportKey(runId: string, plannedMs: number): string {
  return `run_reports/day=${new Date(plannedMs).toISOString().slice(0, 10)}/${runId}.json`;
}

/** Key of what `refine` says of one series in one run. */
export function refineResultKey(runId: string, series: Series): string {
  return runKey(runId, `refine/${seriesName(series).replaceAll('/', '_')}.json`);
}
