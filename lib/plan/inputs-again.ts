import { type Chunk, SOURCES } from '../domain/chunk.ts';
import type { Interval } from '../domain/interval.ts';
import { type Period, periodRange, periodsIn } from '../domain/period.ts';
import type { Landed } from './plan-chunks.ts';

/** What refine reads again of a series: shards that it has, and landed objects that they are made from. */
export interface InputsAgain {
  readonly remadeShards: number;
  readonly inputsAgain: number;
}

/**
 * What refine reads again if these chunks land: each shard that gets something new is made from everything that counts
 * for it. A landed object that a better or longer one covers is taken to say the same, and then it is not read.
 */
export function inputsAgain(interval: Interval, landed: readonly Landed[], chunks: readonly Chunk[]): InputsAgain {
  const periods = new Set<Period>(chunks.flatMap(({ range }) => periodsIn(interval, range)));
  const ordered = [...landed].sort(byRank);
  let remadeShards = 0;
  let again = 0;
  for (const period of periods) {
    const { fromMs, toMs } = periodRange(period);
    const own = ordered.filter(({ range }) => range.fromMs < toMs && range.toMs > fromMs);
    if (own.length > 0) remadeShards += 1;
    const counting: Landed[] = [];
    for (const one of own) if (!counting.some((other) => covers(other, one))) counting.push(one);
    again += counting.length;
  }
  return { remadeShards, inputsAgain: again };
}

/** Best source first, longest first. */
function byRank(a: Landed, b: Landed): number {
  return SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source) || lengthMs(b) - lengthMs(a);
}

function lengthMs({ range }: Landed): number {
  return range.toMs - range.fromMs;
}

function covers({ range: outer }: Landed, { range: inner }: Landed): boolean {
  return outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
}
