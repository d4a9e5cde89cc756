import type { Interval } from '../domain/interval.ts';
import type { Label } from './label.ts';
import { LABELS } from './labels.ts';

const labels: readonly Label[] = LABELS;

/**
 * Returns the number of candles after a row that its labels read. All are decided when the last of these has closed.
 */
export function labelHorizon(interval: Interval): number {
  return longest(labels, interval);
}

/** Returns the same for the labels that do not end with `signal`. */
export function fixedHorizon(interval: Interval): number {
  return longest(
    labels.filter(({ endsWithSignal }) => !endsWithSignal),
    interval,
  );
}

/** Returns the number of candles before a row that its labels read. */
export function labelLookback(interval: Interval): number {
  return Math.max(...labels.map(({ lookback }) => lookback?.(interval) ?? 0));
}

function longest(some: readonly Label[], interval: Interval): number {
  return Math.max(...some.flatMap(({ columns }) => columns.map(({ horizon }) => horizon(interval))));
}
