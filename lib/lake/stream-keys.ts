import { parseRangeLabel, rangeLabel, SOURCES, type Source } from '../domain/chunk.ts';
import { parseInterval } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import type { Period } from '../domain/period.ts';
import { parseSymbol } from '../domain/series.ts';
import { type Stream, type StreamName, streamFileName } from '../domain/stream.ts';
import type { TimeRange } from '../domain/time-range.ts';
import { runKey } from './keys.ts';

/** The Hive folders of a stream: `market=um/symbol=BTCUSDT/interval=15m`, as many of them as it has. */
export function streamPath({ market, symbol, interval }: Stream): string {
  return [
    `market=${market}`,
    symbol === undefined ? [] : `symbol=${symbol}`,
    interval === undefined ? [] : `interval=${interval}`,
  ]
    .flat()
    .join('/');
}

const PATH = /^market=(\w+)(?:\/symbol=([^/]+))?(?:\/interval=([^/]+))?\/(?:period|source|part)=/;

/**
 * Reads the stream back that a key is of, below a prefix that ends in its name; undefined where the key is of none.
 * @param rest what comes behind `funding/`
 */
export function parseStreamPath(name: StreamName, rest: string): Stream | undefined {
  const [, market, symbol, interval] = PATH.exec(rest) ?? [];
  const ofSymbol = name !== 'instruments';
  if (ofSymbol !== (symbol !== undefined) || (name === 'mark_candles') !== (interval !== undefined)) return undefined;
  try {
    return {
      name,
      market: parseMarket(market ?? ''),
      ...(symbol !== undefined && { symbol: parseSymbol(symbol) }),
      ...(interval !== undefined && { interval: parseInterval(interval) }),
    };
  } catch {
    return undefined;
  }
}

/** Prefix of everything the table holds of a stream, ending in `/`. */
export function streamTablePrefix(stream: Stream): string {
  return `${stream.name}/${streamPath(stream)}/`;
}

/** Key of one shard: `funding/market=um/symbol=BTCUSDT/period=2024/funding.parquet`. */
export function streamTableKey(stream: Stream, period: Period): string {
  return `${streamTablePrefix(stream)}period=${period}/${stream.name}.parquet`;
}

/** Prefix of the lineage of a stream. */
export function streamManifestPrefix(stream: Stream): string {
  return `manifests/streams/${stream.name}/${streamPath(stream)}/`;
}

/** Key of the lineage of a shard. Written last: a shard is what its manifest says. */
export function streamManifestKey(stream: Stream, period: Period): string {
  return `${streamManifestPrefix(stream)}period=${period}/manifest.json`;
}

export function streamLandingPrefix(stream: Stream): string {
  return `landing/streams/${stream.name}/${streamPath(stream)}/`;
}

/** The bytes of one answer: of which stream, from where, for which instants, and their sha256. */
export interface StreamLandingId {
  readonly stream: Stream;
  readonly source: Source;
  readonly range: TimeRange;
  readonly sha256: string;
}

/** Key of landed bytes, content-addressed: `…/source=archive_monthly/2024-02/<sha256>.zip` (REST: `.json`). */
export function streamLandingKey({ stream, source, range, sha256 }: StreamLandingId): string {
  const ending = source === 'rest' ? 'json' : 'zip';
  return `${streamLandingPrefix(stream)}source=${source}/${rangeLabel(source, range)}/${sha256}.${ending}`;
}

/** Key of the receipt beside landed bytes. Written after them: bytes without one do not count. */
export function streamReceiptKey(id: StreamLandingId): string {
  return streamLandingKey(id).replace(/\.(zip|json)$/, '.receipt.json');
}

const RECEIPT = /^source=([a-z_]+)\/([^/]+)\/([0-9a-f]{64})\.receipt\.json$/;

/** Reads a receipt key back; undefined where the key is not one. */
export function parseStreamReceiptKey(stream: Stream, key: string): StreamLandingId | undefined {
  const prefix = streamLandingPrefix(stream);
  const match = key.startsWith(prefix) ? RECEIPT.exec(key.slice(prefix.length)) : null;
  const source = SOURCES.find((s) => s === match?.[1]);
  if (!match || !source) return undefined;
  return { stream, source, range: parseRangeLabel(source, match[2]!), sha256: match[3]! };
}

/** Key of the archive's own words for the files of a stream, as they were when they agreed with what landed. */
export function streamCheckKey(stream: Stream): string {
  return `checks/streams/${stream.name}/${streamPath(stream)}/archive.json`;
}

/** What a snapshot of a market is put together from. Spot has no funding. */
export const SNAPSHOT_PARTS = ['exchange_info', 'funding_info'] as const;
export type SnapshotPart = (typeof SNAPSHOT_PARTS)[number];

/** One sighting of one part: what it said, by the hash of all but the clock in it, and when it was seen. */
export interface Sighting {
  readonly stream: Stream;
  readonly part: SnapshotPart;
  /** sha256 of the answer with its own time struck out, so that an answer that says nothing new is the same. */
  readonly contentSha256: string;
  /** The exchange's time. */
  readonly seenAtMs: number;
}

/** Prefix of the bytes and the sightings of one content. */
export function contentPrefix({ stream, part, contentSha256 }: Omit<Sighting, 'seenAtMs'>): string {
  return `${streamLandingPrefix(stream)}part=${part}/${contentSha256}/`;
}

/** Key of the bytes as they came the first time with this content. */
export function contentKey(sighting: Omit<Sighting, 'seenAtMs'>, sha256: string): string {
  return `${contentPrefix(sighting)}${sha256}.json`;
}

/** Key of the receipt of a sighting: `…/part=exchange_info/<content sha256>/1783173617043.receipt.json`. */
export function sightingKey(sighting: Sighting): string {
  return `${contentPrefix(sighting)}${sighting.seenAtMs}.receipt.json`;
}

const SIGHTING = /^part=([a-z_]+)\/([0-9a-f]{64})\/(\d+)\.receipt\.json$/;

/** Reads the key of a sighting back; undefined where the key is not one. */
export function parseSightingKey(stream: Stream, key: string): Sighting | undefined {
  const prefix = streamLandingPrefix(stream);
  const match = key.startsWith(prefix) ? SIGHTING.exec(key.slice(prefix.length)) : null;
  const part = SNAPSHOT_PARTS.find((p) => p === match?.[1]);
  if (!match || !part) return undefined;
  return { stream, part, contentSha256: match[2]!, seenAtMs: Number(match[3]) };
}

/** Key of what `refine` says of one stream in one run. */
export function streamResultKey(runId: string, stream: Stream): string {
  return runKey(runId, `refine/stream_${streamFileName(stream)}.json`);
}
