import { SOURCES } from '../../domain/chunk.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Answer } from '../landing/answer.ts';
import type { FailedChunk } from './failed-chunk.ts';

/** A part of the grid in which every interval has the same evidence. */
export interface EvidenceSpan extends TimeRange {
  readonly phase: 'not_listed' | 'listed' | 'settled';
  /** The archive files that cover the span, best source first. */
  readonly archive: readonly Answer[];
  /** Archive files of which a newer version has landed. */
  readonly superseded: readonly Answer[];
  readonly rest: readonly Answer[];
  readonly failed: readonly FailedChunk[];
  /** The failed chunks that are archive files of a better source than any file that landed. */
  readonly awaited: readonly FailedChunk[];
}

interface EvidenceSpansInput {
  readonly account: TimeRange;
  readonly life: TimeRange;
  readonly answers: readonly Answer[];
  readonly failures: readonly FailedChunk[];
}

/** Cuts the account wherever an answer, a failure or the life of the symbol begins or ends. */
export function evidenceSpans({ account, life, answers, failures }: EvidenceSpansInput): EvidenceSpan[] {
  const ranges = [life, ...answers.map(({ range }) => range), ...failures.map(({ range }) => range)];
  const inside = ranges.flatMap(({ fromMs, toMs }) => [fromMs, toMs]).filter((ms) => isInside(ms, account));
  const cuts = [...new Set([account.fromMs, ...inside, account.toMs])].sort((a, b) => a - b);
  const answersAt = covering(answers);
  const failuresAt = covering(failures);
  const spans: EvidenceSpan[] = [];
  for (let cut = 0; cut + 1 < cuts.length; cut++) {
    const fromMs = cuts[cut]!;
    const here = answersAt(fromMs);
    const archive = here.filter(({ source, superseded }) => source !== 'rest' && !superseded).sort(byRank);
    const failed = failuresAt(fromMs);
    spans.push({
      fromMs,
      toMs: cuts[cut + 1]!,
      phase: fromMs < life.fromMs ? 'not_listed' : fromMs < life.toMs ? 'listed' : 'settled',
      archive,
      superseded: here.filter(({ superseded }) => superseded).sort(byRank),
      rest: here.filter(({ source }) => source === 'rest').sort(byRank),
      failed,
      awaited: failed.filter(({ source }) => SOURCES.indexOf(source) < SOURCES.indexOf(archive[0]?.source ?? 'rest')),
    });
  }
  return spans;
}

function isInside(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs > fromMs && timeMs < toMs;
}

/** Returns a function that finds the items whose range covers an instant. Its instants must ascend. */
function covering<T extends { readonly range: TimeRange }>(items: readonly T[]): (timeMs: number) => T[] {
  const waiting = [...items].sort((a, b) => a.range.fromMs - b.range.fromMs);
  let next = 0;
  let open: T[] = [];
  return (timeMs) => {
    while (next < waiting.length && waiting[next]!.range.fromMs <= timeMs) open.push(waiting[next++]!);
    open = open.filter(({ range }) => range.toMs > timeMs);
    return [...open];
  };
}

/** Orders answers by source, the best first, and by hash, so that the order is total. */
function byRank(a: Answer, b: Answer): number {
  return SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source) || (a.sha256 < b.sha256 ? -1 : 1);
}
