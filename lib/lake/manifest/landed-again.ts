import * as z from 'zod';

/**
 * The landing times of an answer of REST that landed more than once. They decide between answers that overlap, so a
 * shard is stale if they change.
 */
export const LANDED_AGAIN = z.object({
  /** The time of the newest landing. */
  fetchedAtMs: z.int(),
  asOfMs: z.int(),
  /** The times of the earlier landings, ascending. */
  earlierMs: z.array(z.int()).min(1),
});
export type LandedAgain = Readonly<Omit<z.infer<typeof LANDED_AGAIN>, 'earlierMs'>> & {
  readonly earlierMs: readonly number[];
};
