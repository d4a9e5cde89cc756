import { parseInterval } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import type { Period } from '../domain/period.ts';
import { parseSymbol } from '../domain/series.ts';
import type { Stream, StreamName } from '../domain/stream.ts';
import { subjectPath } from '../domain/subject.ts';
import { landingPrefix } from './keys.ts';

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

/** Prefix of everything that the table of a stream holds, ending in `/`. */
export function streamTablePrefix(stream: Stream): string {
  return `${stream.name}/${subjectPath(stream)}/`;
}

/** Key of one shard: `funding/market=um/symbol=BTCUSDT/period=2024/funding.parquet`. */
export function streamTableKey(stream: Stream, period: Period): string {
  return `${streamTablePrefix(stream)}period=${period}/${stream.name}.parquet`;
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
  return `${landingPrefix(stream)}part=${part}/${contentSha256}/`;
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
  const prefix = landingPrefix(stream);
  const match = key.startsWith(prefix) ? SIGHTING.exec(key.slice(prefix.length)) : null;
  const part = SNAPSHOT_PARTS.find((p) => p === match?.[1]);
  if (!match || !part) return undefined;
  return { stream, part, contentSha256: match[2]!, seenAtMs: Number(match[3]) };
}
