import { z } from 'zod';
import { STREAM_NAMES } from '../../../domain/stream.ts';
import { decodeClaims } from '../../manifest/claim.ts';
import type { StreamManifest } from '../../manifest/contract.ts';
import { parseJson } from '../parse-json.ts';

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
const COUNT = z.int().nonnegative();

const TIME = z.int().min(-8.64e15).max(8.64e15);
// A value that is no number is null in JSON.
const VALUE = z.looseObject({ value: z.number().nullable(), source: z.string() });
const CONFLICT = z.looseObject({ timeMs: TIME, column: z.string(), kept: VALUE, other: VALUE });

/** Every field that the manifest of a stream has had from the first on; what later code adds is let pass. */
const MANIFEST = z.looseObject({
  stream: z.looseObject({ name: z.enum(STREAM_NAMES), market: z.string() }),
  period: z.string(),
  inputs: z.array(z.string()).min(1),
  superseded: z.array(z.string()).optional(),
  codeHash: z.string(),
  before: SHA256,
  output: z.object({ key: z.string(), sha256: SHA256, sizeBytes: COUNT, rows: COUNT }).optional(),
  report: z.looseObject({
    period: z.string(),
    rows: COUNT,
    sizeBytes: COUNT,
    // JSON has no NaN: null is what is left of it where there are no rows.
    firstMs: z.number().nullable(),
    lastMs: z.number().nullable(),
    missing: COUNT,
    duplicates: COUNT,
    conflicts: COUNT,
    conflictSamples: z.array(CONFLICT),
    unreadable: z.array(z.looseObject({ message: z.string() })).optional(),
  }),
  carry: z.string(),
});

/** A manifest read: it stands, it is empty (`null` or a claim: its shard is being made), or it cannot be read. */
export type ReadStreamManifest =
  | { readonly state: 'stands'; readonly manifest: StreamManifest }
  | { readonly state: 'empty' }
  | { readonly state: 'unreadable'; readonly why: string };

export function readStreamManifest(bytes: Uint8Array): ReadStreamManifest {
  if (decodeClaims(bytes).length > 0) return { state: 'empty' };
  const parsed = parseJson(bytes, MANIFEST.nullable());
  if (typeof parsed === 'string') return { state: 'unreadable', why: parsed };
  return parsed === null ? { state: 'empty' } : { state: 'stands', manifest: parsed as unknown as StreamManifest };
}
