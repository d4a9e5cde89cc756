import { BadInput } from '../domain/errors.ts';
import { parseInterval } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import { parseSymbol } from '../domain/series.ts';
import { DAY_MS, isoTime, parseTime } from '../domain/time-range.ts';
import type { FeatureSet } from '../features/feature-row.ts';
import { DATASET_LABELS, type DatasetInput, type DatasetRequest } from './contract.ts';

const SETS: readonly FeatureSet[] = ['xgboost', 'mlp', 'lstm'];

/** More would give hundreds of combinatorial splits. */
const MAX_FOLDS = 12;

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** Checks a request word by word. @throws BadInput naming the word, what was given and what is allowed. */
export function parseDatasetRequest(input: DatasetInput): DatasetRequest {
  const { symbols, set = 'xgboost', label = 'signal', folds = 5, embargo = '1d' } = input;
  if (symbols.length === 0) throw new BadInput('symbols must name at least one, got none');
  const fromMs = parseTime(input.from, 'from');
  const toMs = parseTime(input.to, 'to');
  if (fromMs >= toMs) throw new BadInput(`from must be before to, got ${isoTime(fromMs)} and ${isoTime(toMs)}`);
  if (!Number.isInteger(folds) || folds < 2 || folds > MAX_FOLDS) {
    throw new BadInput(`folds must be a whole number from 2 to ${MAX_FOLDS}, got ${folds}`);
  }
  return {
    market: parseMarket(input.market ?? 'um'),
    symbols: [...new Set(symbols.map(parseSymbol))].sort(),
    interval: parseInterval(input.interval),
    fromMs,
    toMs,
    set: oneOf('set', SETS, set),
    label: oneOf('label', DATASET_LABELS, label),
    folds,
    embargoMs: parseEmbargo(embargo),
  };
}

function oneOf<T extends string>(what: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((word) => word === given);
  if (found === undefined) throw new BadInput(`${what} must be one of ${allowed.join(', ')}, got '${given}'`);
  return found;
}

function parseEmbargo(text: string): number {
  const match = /^(\d{1,4})([mhdw])$/.exec(text.trim());
  if (text.trim() === '0') return 0;
  if (!match) throw new BadInput(`embargo must be 0 or a number and m, h, d or w such as 12h or 1d, got '${text}'`);
  return Number(match[1]) * UNIT_MS[match[2]];
}
