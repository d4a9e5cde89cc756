import { type Chunk, SOURCES } from '../../domain/chunk.ts';
import { countOpenTimes, type Interval } from '../../domain/interval.ts';
import { type Period, periodRange, periodsIn } from '../../domain/period.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Landed } from './plan-chunks.ts';

/** The shards of a series that a run rebuilds, and the landed objects that it reads for them. */
interface InputsAgain {
  readonly remadeShards: number;
  /** Candles of these shards before the run: their tables are replaced. */
  readonly replacedCandles: number;
  /** Landed objects that refine reads again. */
  readonly inputsAgain: number;
}

/**
 * Returns what refine reads again if these chunks land. Each shard that gets new data is rebuilt from all of its
 * inputs. A landed object that a better or longer one covers is assumed to agree with it, and then it is not read.
 */
export function inputsAgain(interval: Interval, landed: readonly Landed[], chunks: readonly Chunk[]): InputsAgain {
  const periods = new Set<Period>(chunks.flatMap(({ range }) => periodsIn(interval, range)));
  const ordered = [...landed].sort(byRank);
  let remadeShards = 0;
  let replacedCandles = 0;
  let again = 0;
  for (const period of periods) {
    const { fromMs, toMs } = periodRange(period);
    const own = ordered.filter(({ range }) => range.fromMs < toMs && range.toMs > fromMs);
    if (own.length > 0) remadeShards += 1;
    replacedCandles += countOpenTimes(interval, spanOf(own, { fromMs, toMs }));
    const counting: Landed[] = [];
    for (const one of own) if (!counting.some((other) => covers(other, one))) counting.push(one);
    again += counting.length;
  }
  return { remadeShards, replacedCandles, inputsAgain: again };
}

/**
 * Returns the range from the first to the last instant that objects have landed for, within a period. The range is
 * empty if there are no objects.
 */
function spanOf(landed: readonly Landed[], { fromMs, toMs }: TimeRange): TimeRange {
  if (landed.length === 0) return { fromMs: 0, toMs: 0 };
  return {
    fromMs: Math.max(fromMs, Math.min(...landed.map(({ range }) => range.fromMs))),
    toMs: Math.min(toMs, Math.max(...landed.map(({ range }) => range.toMs))),
  };
}

/** Sorts the best source first, then the longest range first. */
function byRank(a: Landed, b: Landed): number {
  return SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source) || lengthMs(b) - lengthMs(a);
}

function lengthMs({ range }: Landed): number {
  return range.toMs - range.fromMs;
}

function covers({ range: outer }: Landed, { range: inner }: Landed): boolean {
  return outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
}
