import { parseInterval } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import type { Period } from '../domain/period.ts';
import { parseSymbol } from '../domain/series.ts';
import type { Stream } from '../domain/stream.ts';
import { STREAM_TABLE, type StreamName } from '../domain/stream-table.ts';
import { subjectPath } from '../domain/subject.ts';
import { landingPrefix } from './keys.ts';

const PATH = /^market=(\w+)(?:\/symbol=([^/]+))?(?:\/interval=([^/]+))?\/(?:period|open|source|part)=/;

/**
 * Reads the stream of a key back. Returns undefined if the key is not of a stream of that name.
 * @param rest the part of the key behind `funding/`
 */
export function parseStreamPath(name: StreamName, rest: string): Stream | undefined {
  const [, market, symbol, interval] = PATH.exec(rest) ?? [];
  const { of } = STREAM_TABLE[name];
  if ((of !== 'market') !== (symbol !== undefined) || (of === 'series') !== (interval !== undefined)) return undefined;
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

/** Prefix of everything that the table of a stream holds, ending in `/`. */
export function streamTablePrefix(stream: Stream): string {
  return `${stream.name}/${subjectPath(stream)}/`;
}

/** Key of one shard: `funding/market=um/symbol=BTCUSDT/period=2024/funding.parquet`. */
export function streamTableKey(stream: Stream, period: Period): string {
  return `${streamTablePrefix(stream)}period=${period}/${stream.name}.parquet`;
}

/** The parts of a snapshot of a market. Spot has no funding. */
export const SNAPSHOT_PARTS = ['exchange_info', 'funding_info'] as const;
export type SnapshotPart = (typeof SNAPSHOT_PARTS)[number];

/** One sighting of one part: its content, by the hash of everything except the clock in it, and when it was seen. */
export interface Sighting {
  readonly stream: Stream;
  readonly part: SnapshotPart;
  /** sha256 of the answer without its own time, so that an unchanged answer has the same hash. */
  readonly contentSha256: string;
  /** The exchange's time. */
  readonly seenAtMs: number;
}

/** Prefix of the bytes and the sightings of one content. */
export function contentPrefix({ stream, part, contentSha256 }: Omit<Sighting, 'seenAtMs'>): string {
  return `${landingPrefix(stream)}part=${part}/${contentSha256}/`;
}

/** Key of the bytes of the first answer with this content. */
export function contentKey(sighting: Omit<Sighting, 'seenAtMs'>, sha256: string): string {
  return `${contentPrefix(sighting)}${sha256}.json`;
}

/** Key of the receipt of a sighting: `…/part=exchange_info/<content sha256>/1783173617043.receipt.json`. */
export function sightingKey(sighting: Sighting): string {
  return `${contentPrefix(sighting)}${sighting.seenAtMs}.receipt.json`;
}

const SIGHTING = /^part=([a-z_]+)\/([0-9a-f]{64})\/(\d+)\.receipt\.json$/;

/** Reads the key of a sighting back. Returns undefined if the key is not one. */
export function parseSightingKey(stream: Stream, key: string): Sighting | undefined {
  const prefix = landingPrefix(stream);
  const match = key.startsWith(prefix) ? SIGHTING.exec(key.slice(prefix.length)) : null;
  const part = SNAPSHOT_PARTS.find((p) => p === match?.[1]);
  if (!match || !part) return undefined;
  return { stream, part, contentSha256: match[2]!, seenAtMs: Number(match[3]) };
}
