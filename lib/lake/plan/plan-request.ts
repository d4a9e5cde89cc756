import { closedUntil } from '../../domain/closed.ts';
import { BadInput } from '../../domain/errors.ts';
import { ceilOpenTime, type Interval, parseInterval } from '../../domain/interval.ts';
import { type Market, parseMarket } from '../../domain/market.ts';
import { parseSymbols } from '../../domain/series.ts';
import { beginOfSpan, isoTime, parseTime, type TimeRange } from '../../domain/time-range.ts';
import type { WatchList } from '../../domain/watch-list.ts';
import { EARLIEST_CANDLE_MS } from '../../exchange/sane-candles.ts';
import { PLAN_REQUEST, type PlanRequest } from './contract.ts';

/** A request whose words are valid. The exchange has not been asked yet. */
export interface ParsedRequest {
  readonly market: Market;
  readonly interval: Interval;
  /** Names as the exchange spells them, each once, in the given order; `'all'` for the whole market. */
  readonly symbols: readonly string[] | 'all';
  /** A span back from `toMs`, or from now. Undefined if `fromMs` is given. */
  readonly period: string | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** True if the streams are wanted too. */
  readonly streams: boolean;
  /** True if only what the archive has by now is wanted, and REST is not asked. */
  readonly archiveOnly: boolean;
}

/** Checks each field of a request. @throws BadInput with the field, its value and what is allowed */
export function parseRequest(request: PlanRequest, defaults: WatchList): ParsedRequest {
  checkShape(request);
  if (request.period !== undefined && request.from !== undefined) {
    throw new BadInput(
      `range must be given by period or by from, got both period '${request.period}' and from '${request.from}'`,
    );
  }
  const period = request.from === undefined ? (request.period ?? defaults.period) : undefined;
  if (period !== undefined) beginOfSpan(period, 0);
  const fromMs = request.from === undefined ? undefined : parseTime(request.from, 'from');
  const toMs = request.to === undefined ? undefined : parseTime(request.to, 'to');
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new BadInput(`from must be before to, got from '${request.from}' and to '${request.to}'`);
  }
  return {
    market: parseMarket(request.market ?? defaults.market),
    symbols: parseSymbols(request.symbols ?? defaults.symbols),
    interval: parseInterval(request.interval ?? defaults.interval),
    period,
    fromMs,
    toMs,
    streams: request.streams ?? false,
    archiveOnly: request.archiveOnly ?? defaults.archiveOnly ?? false,
  };
}

function checkShape(request: unknown): void {
  const parsed = PLAN_REQUEST.safeParse(request);
  if (parsed.success) return;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    throw new BadInput(
      `request field must be one of ${Object.keys(PLAN_REQUEST.shape).join(' ')}, got '${issue.keys[0]}'`,
    );
  }
  const field = issue.path.join('.') || 'request';
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], request);
  const wanted = WANTED[field] ?? 'text';
  throw new BadInput(`${field} must be ${wanted}, got ${JSON.stringify(value)}`);
}

const WANTED: Readonly<Record<string, string>> = {
  request: 'an object',
  symbols: 'an array of names',
  streams: 'true or false',
  archiveOnly: 'true or false',
};

/**
 * Returns the open times that a request wants, on the interval's grid. All of their candles have closed at `asOfMs`.
 * @throws BadInput if the range is in the future or contains no closed candle
 */
export function wantedRange(request: ParsedRequest, asOfMs: number): TimeRange {
  const { interval } = request;
  const closedMs = closedUntil(interval, asOfMs);
  // A span ends with the last closed candle, so that 30d of 1h are 720 candles at any minute.
  const fromMs = request.fromMs ?? beginOfSpan(request.period!, request.toMs ?? closedMs);
  if (fromMs >= asOfMs) {
    throw new BadInput(`range must begin before now, ${isoTime(asOfMs)}, got from ${isoTime(fromMs)}`);
  }
  const range = {
    fromMs: ceilOpenTime(interval, Math.max(fromMs, EARLIEST_CANDLE_MS)),
    toMs: Math.min(closedMs, ceilOpenTime(interval, request.toMs ?? asOfMs)),
  };
  if (range.fromMs >= range.toMs) {
    const to = isoTime(request.toMs ?? asOfMs);
    throw new BadInput(
      `range must hold a closed ${interval} candle as of ${isoTime(asOfMs)}, got from ${isoTime(fromMs)} to ${to}`,
    );
  }
  return range;
}
