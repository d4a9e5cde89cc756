import { SOURCES } from '../../domain/chunk.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Answer } from '../landing/answer.ts';
import type { FailedChunk } from './failed-chunk.ts';

/** A part of the grid over which the evidence is the same. */
export interface Stretch extends TimeRange {
  readonly phase: 'not_listed' | 'listed' | 'settled';
  /** Best source first. */
  readonly archive: readonly Answer[];
  /** Archive files that a newer version of the same file has taken the place of. */
  readonly superseded: readonly Answer[];
  readonly rest: readonly Answer[];
  readonly failed: readonly FailedChunk[];
  /** Those of them that are archive files, better than any that answered. */
  readonly awaited: readonly FailedChunk[];
}

export interface StretchInput {
  readonly account: TimeRange;
  readonly life: TimeRange;
  readonly answers: readonly Answer[];
  readonly failures: readonly FailedChunk[];
}

/** Cuts the account wherever an answer, a failure or the life of the symbol begins or ends. */
export function stretchesOf({ account, life, answers, failures }: StretchInput): Stretch[] {
  const ranges = [life, ...answers.map(({ range }) => range), ...failures.map(({ range }) => range)];
  const inside = ranges.flatMap(({ fromMs, toMs }) => [fromMs, toMs]).filter((ms) => isInside(ms, account));
  const cuts = [...new Set([account.fromMs, ...inside, account.toMs])].sort((a, b) => a - b);
  const answering = covering(answers);
  const failing = covering(failures);
  const stretches: Stretch[] = [];
  for (let cut = 0; cut + 1 < cuts.length; cut++) {
    const fromMs = cuts[cut]!;
    const phase = fromMs < life.fromMs ? 'not_listed' : fromMs < life.toMs ? 'listed' : 'settled';
    const there = answering(fromMs);
    const archive = there.filter(({ source, superseded }) => source !== 'rest' && !superseded).sort(byRank);
    const failed = failing(fromMs);
    stretches.push({
      fromMs,
      toMs: cuts[cut + 1]!,
      phase,
      archive,
      superseded: there.filter(({ superseded }) => superseded).sort(byRank),
      rest: there.filter(({ source }) => source === 'rest').sort(byRank),
      failed,
      awaited: failed.filter(({ source }) => SOURCES.indexOf(source) < SOURCES.indexOf(archive[0]?.source ?? 'rest')),
    });
  }
  return stretches;
}

function isInside(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs > fromMs && timeMs < toMs;
}

/** Which of the things cover an instant, to be asked for instants that ascend. */
function covering<T extends { readonly range: TimeRange }>(things: readonly T[]): (timeMs: number) => T[] {
  const waiting = [...things].sort((a, b) => a.range.fromMs - b.range.fromMs);
  let next = 0;
  let open: T[] = [];
  return (timeMs) => {
    while (next < waiting.length && waiting[next]!.range.fromMs <= timeMs) open.push(waiting[next++]!);
    open = open.filter(({ range }) => range.toMs > timeMs);
    return [...open];
  };
}

/** Best source first; the hash only makes the order total. */
function byRank(a: Answer, b: Answer): number {
  return SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source) || (a.sha256 < b.sha256 ? -1 : 1);
}
