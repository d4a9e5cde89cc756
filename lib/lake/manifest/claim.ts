import * as z from 'zod';
import { encodeJson, parseJson } from '../json.ts';

const CLAIM = z.object({
  runId: z.string(),
  claimedAtMs: z.number(),
  /** Each object that the run will put: its hash, and the tag of the object that it replaces if there is one. */
  objects: z.array(z.object({ key: z.string(), replaces: z.string().optional(), sha256: z.string() })),
});
/** The schema of the claims in the place of a manifest. */
export const CLAIMS = z.object({ claims: z.array(CLAIM).min(1) });

/**
 * A record that a run is replacing the objects of a shard. It is stored in the place of the shard's manifest until the
 * new manifest or another run's claim replaces it.
 */
export type Claim = Readonly<z.infer<typeof CLAIM>>;

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
