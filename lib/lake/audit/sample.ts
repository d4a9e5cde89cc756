import { createHash } from 'node:crypto';
import type { SampleSize } from './contract.ts';

/** Returns the audit's day as a number, `20240305`. Audits of one day draw the same sample. */
export function seedOf(nowMs: number): number {
  return Number(new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', ''));
}

/** Returns numbers in [0, 1) that depend on the seed and the name only (mulberry32, started with a hash of both). */
export function seededRandom(seed: number, name: string): () => number {
  let state = createHash('sha256').update(`${seed} ${name}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws items without replacement, all equally likely. They keep their order. */
export function pickSample<T>(items: readonly T[], size: SampleSize, random: () => number): T[] {
  if (size === 'all' || size >= items.length) return [...items];
  const chosen = new Set<number>();
  // Floyd's algorithm needs no shuffled list of all indices.
  for (let last = items.length - size; last < items.length; last++) {
    const index = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(index) ? last : index);
  }
  return items.filter((_, index) => chosen.has(index));
}
