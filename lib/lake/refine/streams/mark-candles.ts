import { type Candles, pickCandles } from '../../../domain/candles.ts';
import { SOURCES } from '../../../domain/chunk.ts';
import { CLOSE_MARGIN_MS } from '../../../domain/closed.ts';
import { nextOpenTime, nominalMs } from '../../../domain/interval.ts';
import type { Period } from '../../../domain/period.ts';
import { type Stream, streamPeriodOf } from '../../../domain/stream.ts';
import { DAY_MS, type TimeRange } from '../../../domain/time-range.ts';
import { decodeCsv } from '../../../exchange/binance/decode-csv.ts';
import { decodeRest } from '../../../exchange/binance/decode-rest.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import type { ColumnValues } from '../../../parquet/table-values.ts';
import { mergeCandles } from '../../landing/merge.ts';
import type { LandedAnswer } from '../../landing/stream-landing.ts';
import { isServed } from '../../ledger/stream-life.ts';
import { closingTimes, gapsBefore } from '../candle-times.ts';
import { decodeAnswers } from './decode-answers.ts';
import { assertBelong } from './decode-rows.ts';
import { sourceColumn } from './source-column.ts';
import { MAX_SAMPLES, type StreamShard } from './stream-shard.ts';

/**
 * Candles of the mark price of one period. They come in the form of candles, whose volumes and counts are placeholders
 * (0, and 60 or so): nothing is traded at the mark price, and the table has no such columns.
 * @param carry open time of the last row of the shard before, or nothing
 */
export async function markCandlesShard(
  stream: Stream,
  period: Period,
  answers: readonly LandedAnswer[],
  life: TimeRange,
  carry: string,
): Promise<StreamShard> {
  const interval = stream.interval!;
  const keptBack = new Set<number>();
  const { decoded, unreadable } = await decodeAnswers(stream, period, answers, decode);
  const objects = decoded.map(({ rows: landed, asOfMs, ...answer }) => {
    const rows = Uint32Array.from(landed.openTimeMs.keys()).filter((row) => {
      const openTimeMs = landed.openTimeMs[row]!;
      const closed = nextOpenTime(interval, openTimeMs) <= asOfMs - CLOSE_MARGIN_MS;
      if (!closed || streamPeriodOf(stream, openTimeMs) !== period) return false;
      if (!isServed(openTimeMs, life)) keptBack.add(openTimeMs);
      return isServed(openTimeMs, life);
    });
    return { ...answer, candles: withoutPlaceholders(pickCandles(landed, rows)) };
  });
  const { candles, source, duplicates, conflicts } = mergeCandles(objects);
  const gaps = gapsBefore(interval, candles.openTimeMs, carry === '' ? Number.NaN : Number(carry));
  const sources = Array.from(source, (code) => ({ source: SOURCES[code]! }));
  const lastMs = candles.openTimeMs.at(-1);
  return {
    rows: candles.length,
    columns: new Map<string, ColumnValues>([
      ['open_time', candles.openTimeMs],
      ['open', candles.open],
      ['high', candles.high],
      ['low', candles.low],
      ['close', candles.close],
      ['close_time', candles.closeTimeMs],
      ['known_at', closingTimes(interval, candles)],
      ['source', sourceColumn(stream, sources)],
      ['gap_before', gaps],
    ]),
    firstMs: candles.openTimeMs[0] ?? Number.NaN,
    lastMs: lastMs ?? Number.NaN,
    missing: gaps.reduce((sum, gap) => sum + gap, 0),
    quarantined: keptBack.size,
    duplicates,
    conflicts: conflicts.length,
    conflictSamples: conflicts
      .slice(0, MAX_SAMPLES)
      .map(({ openTimeMs, ...sample }) => ({ timeMs: openTimeMs, ...sample })),
    ...unreadable,
    carry: lastMs === undefined ? carry : String(lastMs),
  };
}

/** Two sources may fill the columns that mean nothing with different nothings, which is no conflict. */
function withoutPlaceholders(candles: Candles): Candles {
  for (const name of ['volume', 'quoteVolume', 'trades', 'takerBuyVolume', 'takerBuyQuoteVolume'] as const) {
    candles[name].fill(0);
  }
  return candles;
}

async function decode({ receipt, name, bytes }: LandedAnswer): Promise<Candles> {
  const candles = receipt.source === 'rest' ? decodeRest(bytes, name) : decodeCsv(await unzipCsv(bytes, name), name);
  // Candles of a day and longer all live in one shard, and the archive's months need not cut them cleanly.
  if (nominalMs(receipt.stream.interval!) < DAY_MS) assertBelong(receipt, candles.openTimeMs, name);
  return candles;
}
