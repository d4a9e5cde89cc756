import { z } from 'zod';
import { encodeJson, parseJson } from '../json.ts';

const CLAIM = z.object({
  runId: z.string(),
  claimedAtMs: z.number(),
  objects: z.array(z.object({ key: z.string(), replaces: z.string().optional(), sha256: z.string() })),
});
/** The form of one or more claims in the place of a manifest. */
export const CLAIMS = z.object({ claims: z.array(CLAIM).min(1) });

/**
 * A run's word that it is replacing the objects of a shard. It is stored in the place of the shard's manifest, until
 * the new manifest takes its place or another run's claim does.
 */
export interface Claim {
  readonly runId: string;
  readonly claimedAtMs: number;
  /**
   * Each object that the run is about to put: the tag of the object that it replaces (absent if there is none), and its
   * hash.
   */
  readonly objects: readonly {
    readonly key: string;
    readonly replaces?: string | undefined;
    readonly sha256: string;
  }[];
}

/**
 * No put of a claim arrives later than this. A put is tried for at most 10 minutes, and S3 refuses requests that were
 * signed more than 15 minutes ago.
 */
export const CLAIM_LIVES_MS = 1_800_000;

/** Encodes the claims that are stored in the place of a manifest while its shard is being replaced. */
export function encodeClaims(claims: readonly Claim[]): Uint8Array {
  return encodeJson({ claims });
}

/** Reads the claims in these bytes, oldest first. Returns nothing for a manifest, and for damaged bytes. */
export function decodeClaims(bytes: Uint8Array | undefined): readonly Claim[] {
  const read = bytes && parseJson(bytes, CLAIMS);
  return read && typeof read !== 'string' ? read.claims : [];
}

/** Returns true if a put of the claim may still be on its way. A claim of the future is of a clock that is ahead. */
export function isLive({ claimedAtMs }: Claim, nowMs: number): boolean {
  return nowMs - claimedAtMs < CLAIM_LIVES_MS;
}
