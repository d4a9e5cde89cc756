import { CLOSE_MARGIN_MS } from '../../../lib/domain/closed.ts';
import type { GapClass } from '../../../lib/domain/gap-class.ts';
import type { TimeRange } from '../../../lib/domain/time-range.ts';
import type { SeriesAnswer } from '../../support/landing.ts';

export const HOUR_MS = 3_600_000;

/** A chunk that could not be had. */
export interface SeriesFailure {
  readonly source: SeriesAnswer['source'];
  readonly range: TimeRange;
  readonly asOfMs: number;
}

export interface NaiveWorld {
  readonly answers: readonly Required<Omit<SeriesAnswer, 'openPageMs'>>[];
  readonly failures: readonly SeriesFailure[];
  readonly listedMs: number | undefined;
  readonly settledMs: number | undefined;
  /** The end of the grid that a run recorded, on the hour. */
  readonly gridEndMs: number | undefined;
}

/** The state of one hour. */
export interface NaiveHour {
  readonly isCandle: boolean;
  readonly class: GapClass | undefined;
}

/**
 * Returns the state of every hour of the grid, each by itself. It is slow and shares nothing with the code under test.
 */
export function naiveLedger(world: NaiveWorld): Map<number, NaiveHour> {
  const failures = world.failures.filter((failure) => !isMadeGood(failure, world.answers));
  const asked = [...world.answers, ...failures].map((one) => ({ fromMs: one.range.fromMs, toMs: endOf(one) }));
  const real = asked.filter(({ fromMs, toMs }) => fromMs < toMs);
  const grid = new Map<number, NaiveHour>();
  const listed = world.listedMs === undefined ? undefined : Math.floor(world.listedMs / HOUR_MS) * HOUR_MS;
  const fromMs = Math.min(...real.map((range) => range.fromMs), listed ?? Number.POSITIVE_INFINITY);
  const toMs = Math.max(...real.map((range) => range.toMs), world.gridEndMs ?? Number.NEGATIVE_INFINITY);
  for (let hourMs = fromMs; hourMs < toMs; hourMs += HOUR_MS) grid.set(hourMs, hourOf(hourMs, world, failures));
  return grid;
}

function hourOf(hourMs: number, world: NaiveWorld, failures: readonly SeriesFailure[]): NaiveHour {
  const no = (kind: GapClass): NaiveHour => ({ isCandle: false, class: kind });
  if (world.listedMs !== undefined && hourMs + HOUR_MS <= world.listedMs) return no('not_listed');
  if (world.settledMs !== undefined && hourMs >= world.settledMs) return no('settled');
  const all = world.answers.filter((answer) => hourMs >= answer.range.fromMs && hourMs < endOf(answer));
  const covering = all.filter((answer) => !isReplaced(answer, world.answers));
  const archive = covering.filter(({ source }) => source !== 'rest');
  const rest = covering.filter(({ source }) => source === 'rest');
  const rows = (source: string, answers = covering) =>
    answers.filter((one) => one.source === source).flatMap((one) => one.rows.filter((row) => openTime(row) === hourMs));
  const failed = failures.filter((failure) => hourMs >= failure.range.fromMs && hourMs < endOf(failure));
  const held = SOURCES.map((source) => rows(source));
  const kept = held.findIndex((some) => some.length > 0);
  if (kept >= 0) {
    // Older versions of a file are compared only with the newer one.
    const different = new Set([...held.flat(), ...rows(SOURCES[kept]!, all)]).size > 1;
    const better = ['archive_monthly', 'archive_daily'].slice(0, kept);
    const healed = [...archive, ...failed].some(({ source }) => better.includes(source));
    return { isCandle: true, class: different ? 'source_conflict' : healed ? 'archive_hole' : undefined };
  }
  if (archive.length > 0 && rest.length > 0) return no('exchange_absent');
  const first = archive.some(({ source }) => source === 'archive_monthly') ? 0 : archive.length > 0 ? 1 : 2;
  if (failed.some(({ source }) => SOURCES.indexOf(source) < first)) return no('fetch_failed');
  return no(covering.length === 0 && failed.length > 0 ? 'fetch_failed' : 'unknown');
}

const SOURCES = ['archive_monthly', 'archive_daily', 'rest'];

/** Whether the same archive file landed again later. */
function isReplaced({ source, range, fetchedAtMs }: NaiveWorld['answers'][number], answers: NaiveWorld['answers']) {
  if (source === 'rest') return false;
  return answers.some(
    (one) => one.source === source && one.range.fromMs === range.fromMs && one.fetchedAtMs > fetchedAtMs,
  );
}

/** Hours that had closed, each with its margin. */
function endOf({ range, asOfMs }: { readonly range: TimeRange; readonly asOfMs: number }): number {
  let endMs = range.fromMs;
  while (endMs < range.toMs && endMs + HOUR_MS + CLOSE_MARGIN_MS <= asOfMs) endMs += HOUR_MS;
  return endMs;
}

/** Whether every hour of it has landed from the same source since. */
function isMadeGood({ source, range }: SeriesFailure, answers: NaiveWorld['answers']): boolean {
  for (let hourMs = range.fromMs; hourMs < range.toMs; hourMs += HOUR_MS) {
    const landed = answers.some(
      (one) => one.source === source && hourMs >= one.range.fromMs && hourMs < one.range.toMs,
    );
    if (!landed) return false;
  }
  return true;
}

function openTime(row: string): number {
  return Number(row.slice(0, row.indexOf(',')));
}
