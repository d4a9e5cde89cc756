import { basicTime, parseBasicTime } from '../../domain/chunk.ts';
import { type Series, seriesPath } from '../../domain/series.ts';

/** Prefix of the records of the latest closed interval, for runs that had nothing to fetch up to there. */
export function gridEndPrefix(series: Series): string {
  return `landing/grid-ends/${seriesPath(series)}/`;
}

/** Key of the record that the grid of a series reached this instant: `…/20261120T090000Z.json`. */
export function gridEndKey(series: Series, gridEndMs: number): string {
  return `${gridEndPrefix(series)}${basicTime(gridEndMs)}.json`;
}

/** Reads the key of a grid's end back: epoch milliseconds. Undefined if it is another key. */
export function parseGridEndKey(key: string): number | undefined {
  const match = /\/(\d{8}T\d{6}Z)\.json$/.exec(key);
  const gridEndMs = match ? parseBasicTime(match[1]!) : Number.NaN;
  return Number.isFinite(gridEndMs) ? gridEndMs : undefined;
}
