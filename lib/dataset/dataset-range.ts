import { BadInput } from '../domain/errors.ts';
import { nextOpenTime } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import { parseSymbol } from '../domain/series.ts';
import { beginOfSpan, isoTime, parseTime } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetInput, RangedInput } from './contract.ts';
import { parseIntervals } from './dataset-request.ts';
import { newestOpenTime } from './lake-shards.ts';

/** As `lake run` has it. */
const DEFAULT_PERIOD = '1y';

/**
 * Returns the request with `from` and `to` filled in. The end is the close of the newest candle in the lake if the
 * request names none, so no clock is read.
 * @throws BadInput if both `period` and `from` are given, or a series is not in the lake
 */
export async function withRange(input: DatasetInput, store: ObjectStore): Promise<RangedInput> {
  const { from, to, period, ...rest } = input;
  if (period !== undefined && from !== undefined) {
    throw new BadInput(`range must be given by period or by from, got both period '${period}' and from '${from}'`);
  }
  const end = to ?? isoTime(await newestClose(input, store));
  return { ...rest, to: end, from: from ?? isoTime(beginOfSpan(period ?? DEFAULT_PERIOD, parseTime(end, 'to'))) };
}

async function newestClose({ symbols, interval: text, market = 'um' }: DatasetInput, store: ObjectStore) {
  const [interval] = parseIntervals(text);
  const newest = await Promise.all(
    symbols.map((symbol) =>
      newestOpenTime(store, { market: parseMarket(market), symbol: parseSymbol(symbol), interval }),
    ),
  );
  return nextOpenTime(interval, Math.max(...newest));
}
