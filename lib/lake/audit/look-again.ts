import type { Clock } from '../../ports.ts';

/** A run that is under way replaces a shard within seconds; what nobody vouches for is looked at again after this long. */
const LOOK_AGAIN_MS = 10_000;

/** How often something is looked at, at the most. */
export const LOOKS = 3;

/** What a look tells: it stands, a run may be about to vouch for it, or one has put something since the look before. */
export type Seen = 'stands' | 'waiting' | 'changed';

/** Looks at what a run may be replacing until it stands, or often enough. */
export async function lookAgain<Found>(
  look: () => Promise<Found>,
  seenOf: (found: Found, before: Found | undefined) => Seen,
  clock: Pick<Clock, 'sleep'>,
): Promise<Found> {
  let before: Found | undefined;
  for (let looks = 1; ; looks++) {
    const found = await look();
    const seen = seenOf(found, before);
    if (seen === 'stands' || looks === LOOKS) return found;
    if (seen === 'waiting') await clock.sleep(LOOK_AGAIN_MS);
    before = found;
  }
}
