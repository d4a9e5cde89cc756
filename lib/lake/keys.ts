import { basicTime, parseBasicTime, parseRangeLabel, rangeLabel, SOURCES, type Source } from '../domain/chunk.ts';
import type { Market } from '../domain/market.ts';
import type { Period } from '../domain/period.ts';
import { parseSeriesPath, type Series, seriesPath } from '../domain/series.ts';
import {
  type About,
  type AboutAny,
  about,
  isStream,
  type Subject,
  subjectName,
  subjectOf,
  subjectPath,
} from '../domain/subject.ts';
import { TABLES, type Table } from '../domain/tables.ts';
import type { TimeRange } from '../domain/time-range.ts';

/** Keys of streams lie below `streams/<name>/` of the same top-level folder. */
function folderOf(top: 'manifests' | 'checks', subject: Subject): string {
  return isStream(subject)
    ? `${top}/streams/${subject.name}/${subjectPath(subject)}`
    : `${top}/${subjectPath(subject)}`;
}

/** Prefix of the shards of one table of a series, ending in `/`. */
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

/** Prefix of the manifests of a series or a stream. */
export function manifestPrefix(subject: Subject): string {
  return `${folderOf('manifests', subject)}/`;
}

/** Key of the manifest of a shard. It is written last: a shard is what its manifest lists. */
export function manifestKey(subject: Subject, period: Period): string {
  return `${manifestPrefix(subject)}period=${period}/manifest.json`;
}

/** Prefix of the versions of all shards. */
export const VERSIONS_PREFIX = 'versions/';

/** Prefix of the versions of a series or of one of its shards, oldest first, and of the tables kept of them. */
export function versionsPrefix(series: Series, period?: Period): string {
  const prefix = `${VERSIONS_PREFIX}${seriesPath(series)}/`;
  return period === undefined ? prefix : `${prefix}period=${period}/`;
}

/** A version of a shard, and when it was published. */
export interface VersionId {
  readonly series: Series;
  readonly period: Period;
  readonly publishedAtMs: number;
  /** The first twelve digits of the sha256 of its manifest. */
  readonly manifest12: string;
}

/** Key of the record of a version: sorts by the instant at which it was published. */
export function versionKey({ series, period, publishedAtMs, manifest12 }: VersionId): string {
  const time = new Date(publishedAtMs).toISOString().replaceAll(/[-:.]/g, '');
  return `${versionsPrefix(series, period)}${time}-${manifest12}.json`;
}

const VERSION = /^versions\/(.+)\/period=([^/]+)\/(\d{8}T\d{9}Z)-([0-9a-f]{12})\.json$/;

/** Reads the key of a version record back. Undefined if it is another key. */
export function parseVersionKey(key: string): VersionId | undefined {
  const [, path, period, time, manifest12] = VERSION.exec(key) ?? [];
  if (!path || !period || !time || !manifest12) return undefined;
  const iso = time.replace(/(....)(..)(..T..)(..)(..)(...)Z/, '$1-$2-$3:$4:$5.$6Z');
  return { series: parseSeriesPath(path), period, publishedAtMs: Date.parse(iso), manifest12 };
}

/** Key of a list of archive files that versions of a shard were made from, by the sha256 of the list. */
export function versionFilesKey(series: Series, period: Period, sha256: string): string {
  return `${versionsPrefix(series, period)}files/${sha256}.json`;
}

/** Returns true for the key of such a list. */
export function isVersionFilesKey(key: string): boolean {
  return /^versions\/.+\/files\/[0-9a-f]{64}\.json$/.test(key);
}

/** Key of a table of a version that is not the current one, under the sha256 of the version's manifest. */
export function keptKey(series: Series, period: Period, manifestSha256: string, table: Table): string {
  return `${versionsPrefix(series, period)}${manifestSha256}/${table}.parquet`;
}

const KEPT = /^versions\/(.+)\/period=([^/]+)\/([0-9a-f]{64})\/([a-z]+)\.parquet$/;

/** Reads the key of a kept table back. Undefined if it is another key. */
export function parseKeptKey(
  key: string,
): (Pick<VersionId, 'series' | 'period'> & { manifestSha256: string; table: Table }) | undefined {
  const match = KEPT.exec(key);
  const table = TABLES.find((name) => name === match?.[4]);
  if (!match || !table) return undefined;
  return { series: parseSeriesPath(match[1]!), period: match[2]!, manifestSha256: match[3]!, table };
}

/** Prefix of everything that landed for a series or a stream. */
export function landingPrefix(subject: Subject): string {
  return `landing/${isStream(subject) ? `streams/${subject.name}` : 'klines'}/${subjectPath(subject)}/`;
}

/** Prefix of everything that landed for a subject by source: all except the answers of open pages and sightings. */
export function closedLandingPrefix(subject: Subject): string {
  return `${landingPrefix(subject)}source=`;
}

/** Prefix of the REST answers of open pages: those of one page, or of all. They sort by the begin of their page. */
export function openLandingPrefix(subject: Subject, openPageMs?: number): string {
  const open = `${landingPrefix(subject)}open=`;
  return openPageMs === undefined ? open : `${open}${basicTime(openPageMs)}/`;
}

/** Prefix of what was said of the lives of all symbols of a market. */
export function listingsPrefix(market: Market): string {
  return `landing/listings/market=${market}/`;
}

/** Prefix of what was said of a symbol's life, over all intervals. */
export function listingPrefix(market: Market, symbol: string): string {
  return `${listingsPrefix(market)}symbol=${symbol}/`;
}

/** Key of one fact about a symbol's life, content-addressed. */
export function listingKey(market: Market, symbol: string, sha256: string): string {
  return `${listingPrefix(market, symbol)}${sha256}.json`;
}

/** The bytes of one answer of the exchange. They name their series or stream in the field `series` or `stream`. */
export type LandingId<S extends Subject = Series> = About<S> & LandedPart;

/** The part of a subject that landed bytes answer for, and the hash of the bytes. */
export interface LandedPart {
  readonly source: Source;
  /** Open times of candles, or times of rows. */
  readonly range: TimeRange;
  readonly sha256: string;
  /** Begin of the page, if REST answered while the page was still open. */
  readonly openPageMs?: number;
}

/**
 * Key of landed bytes, content-addressed: `…/source=archive_monthly/2024-02/<sha256>.zip`, or
 * `…/source=rest/<range>/<sha256>.json`, or the same below `open=20240201T000000Z/` for an open page.
 */
export function landingKey(id: AboutAny & LandedPart): string {
  const { source, range, sha256, openPageMs } = id;
  const subject = subjectOf(id);
  const prefix = openPageMs === undefined ? landingPrefix(subject) : openLandingPrefix(subject, openPageMs);
  const ending = source === 'rest' ? 'json' : 'zip';
  return `${prefix}source=${source}/${rangeLabel(source, range)}/${sha256}.${ending}`;
}

/** Key of the receipt beside landed bytes. It is written after them: bytes without one do not count. */
export function receiptKey(id: AboutAny & LandedPart): string {
  return receiptKeyBeside(landingKey(id));
}

/** Key of the receipt of the landed bytes under this key. */
export function receiptKeyBeside(bytesKey: string): string {
  return bytesKey.replace(/\.(zip|json)$/, '.receipt.json');
}

const RECEIPT = /^(?:open=([^/]+)\/)?source=([a-z_]+)\/([^/]+)\/([0-9a-f]{64})\.receipt\.json$/;

/** Reads a receipt key back. Returns undefined if the key is not one, for example that of the bytes beside it. */
export function parseReceiptKey<S extends Subject>(subject: S, key: string): LandingId<S> | undefined {
  const prefix = landingPrefix(subject);
  const match = key.startsWith(prefix) ? RECEIPT.exec(key.slice(prefix.length)) : null;
  const source = SOURCES.find((s) => s === match?.[2]);
  if (!match || !source) return undefined;
  const [, open, , label, sha256] = match as unknown as string[];
  const openPageMs = open === undefined ? undefined : parseBasicTime(open);
  // Only answers of REST have an open page, and its name must be a time.
  if (openPageMs !== undefined && (Number.isNaN(openPageMs) || source !== 'rest')) return undefined;
  const range = parseRangeLabel(source, label!);
  return { ...about(subject), source, range, sha256: sha256!, ...(openPageMs !== undefined && { openPageMs }) };
}

/** A chunk by which series, from where and for which open times. */
export type ChunkId = Pick<LandingId, 'series' | 'source' | 'range'>;

const FAILED = 'failed.json';

/** Key of the last failure to fetch a chunk. It does not count once there is a receipt for the same open times. */
export function failureKey({ series, source, range }: ChunkId): string {
  return `${landingPrefix(series)}source=${source}/${rangeLabel(source, range)}/${FAILED}`;
}

const FAILURE = /^source=([a-z_]+)\/([^/]+)\/failed\.json$/;

/** Reads a failure key back. Undefined if it is another key. */
export function parseFailureKey(series: Series, key: string): ChunkId | undefined {
  const prefix = landingPrefix(series);
  const match = key.startsWith(prefix) ? FAILURE.exec(key.slice(prefix.length)) : null;
  const source = SOURCES.find((s) => s === match?.[1]);
  if (!match || !source) return undefined;
  return { series, source, range: parseRangeLabel(source, match[2]!) };
}

/** The ends of keys of landed bytes: a sha256 and the form. Receipts, failures and grid ends have other names. */
const LANDED_BYTES = /^landing\/.+\/[0-9a-f]{64}\.(zip|json)$/;

/** Returns true for keys below `landing/` that name their content by its sha256: such objects are written once. */
export function isLandedBytes(key: string): boolean {
  return LANDED_BYTES.test(key);
}

/** Key of the archive's listing of a subject's files from the last time that it agreed with what landed. */
export function archiveCheckKey(subject: Subject): string {
  return `${folderOf('checks', subject)}/archive.json`;
}

/** Key of what refine stores about the landed objects of a subject, so that it need not read them again. */
export function landingMemoryKey(subject: Subject): string {
  return `${folderOf('checks', subject)}/landing.json`;
}

/** Prefix of the records of dataset ids. */
export const DATASETS_PREFIX = 'datasets/';

/** Key of the record of a dataset id. */
export function datasetKey(id: string): string {
  return `${DATASETS_PREFIX}${id}.json`;
}

/** Prefix of the plans, results and reports of runs. They can be removed when a run is over. */
export const RUNS_PREFIX = 'runs/';

/** Prefix of the copies of the runs' reports, which stay. */
export const RUN_REPORTS_PREFIX = 'run_reports/';

/** Key of an object of one run, such as `plan.json` or `report.json`. */
export function runKey(runId: string, name: string): string {
  return `${RUNS_PREFIX}${runId}/${name}`;
}

/**
 * Key of a copy of a run's report, by the day of its plan: `run_reports/day=2026-11-20/<run id>.json`. Athena reads
 * these, because below `runs/` it would read every plan and result too. They do not expire.
 */
export function runReportKey(runId: string, plannedMs: number): string {
  return `${RUN_REPORTS_PREFIX}day=${new Date(plannedMs).toISOString().slice(0, 10)}/${runId}.json`;
}

/** Returns the run whose report, or its copy, has this key. Undefined if it is another key. */
export function reportedRun(key: string): string | undefined {
  const [, copied, own] = /^run_reports\/day=[^/]+\/([^/]+)\.json$|^runs\/([^/]+)\/report\.json$/.exec(key) ?? [];
  return copied ?? own;
}

/** Key of refine's report of one series or stream in one run. */
export function refineResultKey(runId: string, subject: Subject): string {
  const file = subjectName(subject).replaceAll(/[ /]/g, '_');
  return runKey(runId, `refine/${isStream(subject) ? 'stream_' : ''}${file}.json`);
}

/** Key of an audit's findings in one series or stream, by its name in files. */
export function auditPartKey(runId: string, file: string): string {
  return runKey(runId, `audit/${file}.json`);
}

/** Key of the report of an audit. */
export function auditKey(auditId: string): string {
  return `audits/${auditId}.json`;
}

/** Compares keys by their UTF-8 bytes, the order in which stores list them. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
