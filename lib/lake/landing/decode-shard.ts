import { type Candles, pickCandles } from '../../domain/candles.ts';
import { CLOSE_MARGIN_MS } from '../../domain/closed.ts';
import { UnexpectedFormat } from '../../domain/errors.ts';
import { floorOpenTime, type Interval, nextOpenTime, nominalMs } from '../../domain/interval.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import { DAY_MS, isoTime } from '../../domain/time-range.ts';
import { unzipCsv } from '../../exchange/binance/unzip.ts';
import { decodeCandles } from '../../exchange/decode-candles.ts';
import type { ObjectStore } from '../../ports.ts';
import type { FailedChunk } from '../ledger/failed-chunk.ts';
import type { LandingTimes } from '../versions/contract.ts';
import { type Answer, answerOf, closedRange } from './answer.ts';
import { candlesAgree } from './candles-agree.ts';
import { findContained } from './contained.ts';
import { decodeEach } from './decode-each.ts';
import { type Landed, type LandedId, nameInMessages, readEach } from './landing.ts';
import { type MergedCandles, mergeCandles } from './merge.ts';
import { landingTimes, type Receipt } from './receipt.ts';

/** The candles of one shard, merged from all that landed for it. */
export interface DecodedShard extends MergedCandles {
  /** The number of rows left out because their candle had not closed when they were fetched. */
  readonly notClosed: number;
  /** The objects that it is made from, in key order: all that landed, except those that another one contains. */
  readonly inputs: readonly LandedId[];
  /** The times at which each of the inputs landed, in their order. */
  readonly landed: readonly LandingTimes[];
  /** Those of the inputs that can be read, in their order. */
  readonly answers: readonly Answer[];
  /** Objects that another one contains, and that one. */
  readonly contained: ReadonlyMap<LandedId, LandedId>;
  /** Archive files that landed and cannot be read, by their newest version. */
  readonly unreadable: readonly FailedChunk[];
}

/**
 * Reads, decodes and merges the landed objects of one period. An object that another one contains is left out. An
 * archive file that cannot be read is ignored, and its newest older version that can be read is used.
 * @throws CorruptObject if bytes are not those that landed
 * @throws UnexpectedFormat if a REST answer cannot be read, which is checked when it is fetched
 */
export async function decodeShard(
  store: ObjectStore,
  interval: Interval,
  period: Period,
  inputs: readonly LandedId[],
): Promise<DecodedShard> {
  const { landed, read, unreadable } = await decodeEach(readEach(store, inputs), async (one) =>
    keepClosed(await decodeLanded(one), one, interval, period),
  );
  const objects = read.map(({ landed: { id, receipt }, content, superseded }) => {
    const { source, range, fetchedAtMs, sha256 } = receipt;
    const standing = superseded && { superseded };
    const answer: Answer = { ...answerOf(interval, receipt), ...standing };
    const place = { id, range, source, fetchedAtMs, sha256, ...standing };
    return { ...content, ...place, answer, answers: answer.range };
  });
  const pairs = findContained(period, objects, (b, a, range) => candlesAgree(interval, b, a, range));
  const contained = new Map([...pairs].map(([one, other]) => [one.id, other.id]));
  const counting = objects.filter((object) => !pairs.has(object));
  const merged = mergeCandles(counting);
  assertOneEach(merged.candles.openTimeMs, interval, `what landed for ${period}`);
  const own = landed.filter(({ id }) => !contained.has(id));
  return {
    ...merged,
    notClosed: counting.reduce((sum, { notClosed }) => sum + notClosed, 0),
    inputs: own.map(({ id }) => id),
    landed: own.map(({ receipt }) => landingTimes(receipt)),
    answers: counting.map(({ answer }) => answer),
    contained,
    unreadable: unreadable.map(({ landed, error }) => failedOf(interval, landed, error)),
  };
}

function failedOf(interval: Interval, { receipt, key }: Landed, { name, message }: Error): FailedChunk {
  const { source, range, sha256, asOfMs, fetchedAtMs } = receipt;
  const closed = closedRange(interval, range, asOfMs);
  return { key, sha256, source, asked: range, range: closed, error: name, message, atMs: fetchedAtMs };
}

/** Decodes the candles of one landed object. */
export async function decodeLanded(landed: Landed): Promise<Candles> {
  const { receipt, bytes } = landed;
  const name = nameInMessages(landed);
  const { market } = receipt.series;
  if (receipt.source === 'rest') return decodeCandles(market, 'rest', bytes, name);
  return decodeCandles(market, 'file', await unzipCsv(bytes, name), name);
}

/** Returns the rows of this period whose candle had closed. */
function keepClosed(decoded: Candles, { receipt, key }: Landed, interval: Interval, period: Period) {
  const { fromMs, toMs } = periodRange(period);
  const openTimes = decoded.openTimeMs;
  assertOneEach(openTimes, interval, key);
  const rows = new Uint32Array(decoded.length);
  let kept = 0;
  let notClosed = 0;
  for (let row = 0; row < decoded.length; row++) {
    const openTimeMs = openTimes[row]!;
    assertBelongs(openTimeMs, receipt, key, interval);
    if (openTimeMs < fromMs || openTimeMs >= toMs) continue;
    if (nextOpenTime(interval, openTimeMs) > receipt.asOfMs - CLOSE_MARGIN_MS) notClosed++;
    else rows[kept++] = row;
  }
  return { candles: kept === decoded.length ? decoded : pickCandles(decoded, rows.subarray(0, kept)), notClosed };
}

/** Open times of a day or longer need not be on our grid. Two of them within one interval are refused. */
function assertOneEach(openTimesMs: Float64Array, interval: Interval, what: string): void {
  if (nominalMs(interval) < DAY_MS) return;
  const seen = new Map<number, number>();
  for (const openTimeMs of openTimesMs) {
    const cell = floorOpenTime(interval, openTimeMs);
    const other = seen.get(cell) ?? openTimeMs;
    if (other !== openTimeMs) {
      const both = `${isoTime(other)} and ${isoTime(openTimeMs)}`;
      throw new UnexpectedFormat(`${what} has candles of ${both}, expected one in each ${interval}`);
    }
    seen.set(cell, openTimeMs);
  }
}

/** Refuses a row outside the range of its object, because it would be in one shard and missing from another. */
function assertBelongs(openTimeMs: number, { range }: Receipt, key: string, interval: Interval): void {
  // Candles of a day and longer are all in one shard, and the archive's months need not cut them cleanly.
  if (nominalMs(interval) >= DAY_MS) return;
  if (floorOpenTime(interval, openTimeMs) !== openTimeMs) {
    throw new UnexpectedFormat(
      `${key} has a candle of ${isoTime(openTimeMs)}, expected open times of whole ${interval}`,
    );
  }
  if (openTimeMs < range.fromMs || openTimeMs >= range.toMs) {
    const expected = `[${isoTime(range.fromMs)}, ${isoTime(range.toMs)})`;
    throw new UnexpectedFormat(`${key} has a candle of ${isoTime(openTimeMs)}, expected only ${expected}`);
  }
}
