import { BadInput } from '../domain/errors.ts';
import { type Interval, nextOpenTime, nominalMs, parseInterval } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import { parseSymbol } from '../domain/series.ts';
import { beginOfSpan, DAY_MS, isoTime, parseTime } from '../domain/time-range.ts';
import type { FeatureSet } from '../features/feature-row.ts';
import type { ObjectStore } from '../ports.ts';
import {
  DATASET_LABELS,
  type DatasetInput,
  type DatasetRequest,
  type HoldOut,
  NULL_RULES,
  type RangedInput,
} from './contract.ts';
import { parseColumns } from './feature-columns.ts';
import { newestOpenTime } from './lake-shards.ts';

const SETS: readonly FeatureSet[] = ['xgboost', 'mlp', 'lstm'];

/** More would give hundreds of combinatorial splits. */
const MAX_FOLDS = 12;

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** Checks a request word by word. @throws BadInput naming the word, the value given and what is allowed. */
export function parseDatasetRequest(input: RangedInput): DatasetRequest {
  const { symbols, label = 'signal', folds = 5, embargo = '1d', holdOut } = input;
  if (symbols.length === 0) throw new BadInput('symbols must name at least one, got none');
  const fromMs = parseTime(input.from, 'from');
  const toMs = parseTime(input.to, 'to');
  if (fromMs >= toMs) throw new BadInput(`from must be before to, got ${isoTime(fromMs)} and ${isoTime(toMs)}`);
  if (!Number.isInteger(folds) || folds < 2 || folds > MAX_FOLDS) {
    throw new BadInput(`folds must be a whole number from 2 to ${MAX_FOLDS}, got ${folds}`);
  }
  const [interval, joined] = parseIntervals(input.interval);
  const chosen = parseFeatures(input, [interval, ...joined]);
  // A forest takes nulls as they are; a network does not.
  const nulls = input.nulls ?? (chosen.set === 'mlp' || chosen.set === 'lstm' ? 'drop' : 'keep');
  return {
    market: parseMarket(input.market ?? 'um'),
    symbols: [...new Set(symbols.map(parseSymbol))].sort(),
    interval,
    joined,
    fromMs,
    toMs,
    ...chosen,
    label: oneOf('label', DATASET_LABELS, label),
    folds,
    embargoMs: parseEmbargo(embargo),
    ...(holdOut !== undefined && { holdOut: parseHoldOut(holdOut) }),
    nulls: oneOf('nulls', NULL_RULES, nulls),
    withUnlabelled: input.withUnlabelled ?? false,
  };
}

/** The interval of the rows, and the longer ones in ascending order. */
function parseIntervals(text: string): [Interval, Interval[]] {
  const [first, ...others] = text.split(',').map((word) => parseInterval(word.trim()));
  const joined = [...new Set(others)].sort((a, b) => nominalMs(a) - nominalMs(b));
  const short = joined.find((other) => nominalMs(other) <= nominalMs(first));
  if (short !== undefined) {
    throw new BadInput(`interval must name the shortest first, then longer ones to join, got '${text}'`);
  }
  return [first, joined];
}

function parseFeatures({ set, columns }: RangedInput, intervals: readonly Interval[]) {
  if (columns === undefined) return { set: oneOf('set', SETS, set ?? 'xgboost') };
  if (set !== undefined) {
    throw new BadInput(
      `features must be given by set or by columns, got both set '${set}' and ${columns.length} columns`,
    );
  }
  return { set: 'columns' as const, columns: parseColumns(columns, intervals) };
}

function oneOf<T extends string>(what: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((word) => word === given);
  if (found === undefined) throw new BadInput(`${what} must be one of ${allowed.join(', ')}, got '${given}'`);
  return found;
}

function parseEmbargo(text: string): number {
  if (text.trim() === '0') return 0;
  const spanMs = parseSpan(text);
  if (spanMs === undefined) {
    throw new BadInput(`embargo must be 0 or a number and m, h, d or w such as 12h or 1d, got '${text}'`);
  }
  return spanMs;
}

function parseHoldOut(text: string): HoldOut {
  const percent = /^(\d{1,2}(?:\.\d{1,2})?)\s*%$/.exec(text.trim())?.[1];
  if (percent !== undefined && Number(percent) > 0) return { share: Number(percent) / 100 };
  const spanMs = parseSpan(text);
  if (spanMs !== undefined && spanMs > 0) return { spanMs };
  throw new BadInput(
    `hold-out must be a share below 100% such as 20%, or a number and m, h, d or w such as 60d, got '${text}'`,
  );
}

function parseSpan(text: string): number | undefined {
  const match = /^(\d{1,4})([mhdw])$/.exec(text.trim());
  return match ? Number(match[1]) * UNIT_MS[match[2]] : undefined;
}

/** The default of `lake run`. */
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
