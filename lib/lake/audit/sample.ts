import { createHash } from 'node:crypto';
import type { SampleSize } from './contract.ts';

/** The audit's day as a number, `20240305`: what it samples is the same all day long. */
export function seedOf(nowMs: number): number {
  return Number(new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', ''));
}

/** Numbers in [0, 1), the same for the same seed and name (mulberry32, begun with a hash of both). */
export function seededRandom(seed: number, name: string): () => number {
  let state = createHash('sha256').update(`${seed} ${name}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of the items, each as likely as any other, in the order in which they stand. */
export function pickSample<T>(items: readonly T[], size: SampleSize, random: () => number): T[] {
  if (size === 'all' || size >= items.length) return [...items];
  const chosen = new Set<number>();
  // Floyd's way: no list of all indices is shuffled.
  for (let last = items.length - size; last < items.length; last++) {
    const index = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(index) ? last : index);
  }
  return items.filter((_, index) => chosen.has(index));
}
