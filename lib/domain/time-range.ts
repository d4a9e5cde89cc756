import { BadInput } from './errors.ts';

/** Half-open range of instants, `[fromMs, toMs)`, epoch milliseconds UTC. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export const DAY_MS = 86_400_000;

/** Returns true if an instant is in a range. */
export function isWithin(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs >= fromMs && timeMs < toMs;
}

/** Returns true if a range contains all of another one. */
export function covers(outer: TimeRange, inner: TimeRange): boolean {
  return outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
}

/** Returns the common part of two ranges. It ends before its begin if there is no common part. */
export function overlap(a: TimeRange, b: TimeRange): TimeRange {
  return { fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) };
}

/** Formats epoch milliseconds as ISO 8601 UTC, without the milliseconds if they are zero. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}

const ISO = /^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?)?$/;

/**
 * Reads an ISO 8601 date or instant; without a zone it is UTC. `what` names the input in the message.
 * @throws BadInput
 */
export function parseTime(text: string, what = 'time'): number {
  const trimmed = text.trim();
  const zoned = /[T ]/.test(trimmed) && !/(Z|[+-]\d{2}:\d{2})$/.test(trimmed) ? `${trimmed}Z` : trimmed;
  const timeMs = ISO.test(trimmed) ? Date.parse(zoned.replace(' ', 'T')) : Number.NaN;
  // Date.parse rolls 30 February over to March.
  const rolled = !Number.isNaN(timeMs) && !isRealDay(trimmed);
  if (Number.isNaN(timeMs) || rolled) {
    throw new BadInput(`${what} must be an ISO date or instant such as 2024-02-01 or 2024-02-01T12:00Z, got '${text}'`);
  }
  return timeMs;
}

function isRealDay(text: string): boolean {
  const [year, month, day = 1] = text.slice(0, 10).split('-').map(Number) as [number, number, number?];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const SPAN =
  /^(\d{1,4})\s*(d|day|days|dia|dias|w|week|weeks|semana|semanas|m|month|months|mes|mês|meses|y|year|years|ano|anos)$/i;

/**
 * Returns the instant that is a span such as `30d 6m 1y` or `30dias 6meses 1ano` before `toMs`. Months and years are
 * those of the calendar, clamped to the last day of the month. @throws BadInput
 */
export function beginOfSpan(span: string, toMs: number): number {
  const match = SPAN.exec(span.trim());
  const count = Number(match?.[1]);
  if (!match || count === 0) {
    throw new BadInput(
      `period must be a number and d, w, m or y such as 30d, 6m, 1y, 30dias, 6meses, 1ano, got '${span}'`,
    );
  }
  const unit = match[2]!.toLowerCase()[0];
  if (unit === 'd') return toMs - count * DAY_MS;
  if (unit === 'w' || unit === 's') return toMs - count * 7 * DAY_MS;
  return monthsBefore(toMs, unit === 'm' ? count : count * 12);
}

function monthsBefore(timeMs: number, months: number): number {
  const date = new Date(timeMs);
  const target = new Date(timeMs);
  target.setUTCDate(1);
  target.setUTCMonth(date.getUTCMonth() - months);
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(date.getUTCDate(), lastDay));
  return target.getTime();
}

/** Returns the parts of `wanted` that no range of `have` covers, ascending. */
export function subtractRanges(wanted: TimeRange, have: readonly TimeRange[]): TimeRange[] {
  const missing: TimeRange[] = [];
  let fromMs = wanted.fromMs;
  for (const range of [...have].sort((a, b) => a.fromMs - b.fromMs)) {
    if (range.toMs <= Math.max(fromMs, range.fromMs) || range.fromMs >= wanted.toMs) continue;
    if (range.fromMs > fromMs) missing.push({ fromMs, toMs: range.fromMs });
    fromMs = Math.max(fromMs, range.toMs);
  }
  if (fromMs < wanted.toMs) missing.push({ fromMs, toMs: wanted.toMs });
  return missing;
}
