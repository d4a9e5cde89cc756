import type { Interval } from './interval.ts';
import type { Market } from './market.ts';
import { type Period, periodOf, periodRange, periodsIn } from './period.ts';
import type { TimeRange } from './time-range.ts';

/** What the daily run collects beside candles, each the name of its table. Most of it cannot be had later. */
export const STREAM_NAMES = ['instruments', 'funding', 'open_interest', 'mark_candles'] as const;
export type StreamName = (typeof STREAM_NAMES)[number];

/** One stream: `instruments` of a whole market, the others of a symbol; only mark candles have an interval. */
export interface Stream {
  readonly name: StreamName;
  readonly market: Market;
  readonly symbol?: string;
  readonly interval?: Interval;
}

/** `funding um/BTCUSDT`, `mark_candles um/BTCUSDT/15m`, `instruments um`: the name in messages and reports. */
export function streamTitle({ name, market, symbol, interval }: Stream): string {
  return `${name} ${[market, symbol, interval].filter(Boolean).join('/')}`;
}

/** The same as the name of a file: `funding_um_BTCUSDT`. */
export function streamFileName(stream: Stream): string {
  return streamTitle(stream).replaceAll(/[ /]/g, '_');
}

const HOUR_MS = 3_600_000;
/** A snapshot this young is recent enough: a second run within the hour asks for none. */
export const SNAPSHOT_EVERY_MS = HOUR_MS;

/** Funding happens at whole hours, open interest is sampled every five minutes: the grid on which a stream is planned. */
export function gridOf({ name, interval }: Stream): Interval {
  return name === 'mark_candles' ? interval! : name === 'funding' ? '1h' : '5m';
}

/** The interval whose candles are cut into periods as the stream is: months, but years for funding. */
function periodInterval({ name, interval }: Stream): Interval {
  return name === 'mark_candles' ? interval! : name === 'funding' ? '1h' : '1m';
}

/** Period that holds the row of this instant. */
export function streamPeriodOf(stream: Stream, timeMs: number): Period {
  return periodOf(periodInterval(stream), timeMs);
}

/** How far behind the end of its range an object may still have a row: a file's last label may be the first of the next day. */
export const OVERHANG_MS: Readonly<Record<StreamName, number>> = {
  instruments: 0,
  funding: HOUR_MS,
  open_interest: 5 * 60_000,
  mark_candles: 0,
};

/** Periods, ascending, for which an object of this range may hold rows. */
export function streamPeriodsIn(stream: Stream, { fromMs, toMs }: TimeRange): Period[] {
  const periods = periodsIn(periodInterval(stream), { fromMs, toMs: toMs + OVERHANG_MS[stream.name] });
  return periods.sort((a, b) => periodRange(a).fromMs - periodRange(b).fromMs);
}
