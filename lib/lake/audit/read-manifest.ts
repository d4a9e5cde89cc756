import { z } from 'zod';
import { INTERVALS, type Interval } from '../../domain/interval.ts';
import { MARKETS } from '../../domain/market.ts';
import { decodeClaims } from '../manifest/claim.ts';
import type { Manifest } from '../manifest/contract.ts';

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
const COUNT = z.int().nonnegative();
const OUTPUT = z.object({ key: z.string(), sha256: SHA256, sizeBytes: COUNT, rows: COUNT });

/** Every field that a manifest has had from the first on; what later code adds is let pass. */
const MANIFEST = z.looseObject({
  series: z.object({
    market: z.enum(MARKETS),
    symbol: z.string(),
    interval: z.enum(INTERVALS as [Interval, ...Interval[]]),
  }),
  period: z.string(),
  inputs: z.array(z.looseObject({ key: z.string(), sha256: SHA256 })),
  codeHash: z.string(),
  previousChain: z.union([SHA256, z.literal('')]),
  chain: z.union([SHA256, z.literal('')]),
  checkpoint: z.object({ key: z.string(), sha256: SHA256 }),
  outputs: z.looseObject({ candles: OUTPUT, features: OUTPUT, labels: OUTPUT }).catchall(OUTPUT),
  head: z.object({ sha256: SHA256, candles: COUNT }),
  lookahead: z.union([SHA256, z.literal('')]),
  report: z.looseObject({
    period: z.string(),
    candles: COUNT,
    firstOpenTimeMs: z.number(),
    lastOpenTimeMs: z.number(),
    labels: COUNT,
    missing: COUNT,
    duplicates: COUNT,
    notClosed: COUNT,
    conflicts: COUNT,
    conflictSamples: z.array(z.unknown()),
    unreadable: z.array(z.looseObject({ message: z.string() })).optional(),
    sizeBytes: z.looseObject({ candles: COUNT, features: COUNT, labels: COUNT }),
  }),
});

/** A manifest read: it stands, it is empty (`null` or a claim: its shard is being made), or it cannot be read. */
export type ReadManifest =
  | { readonly state: 'stands'; readonly manifest: Manifest }
  | { readonly state: 'empty' }
  | { readonly state: 'unreadable'; readonly why: string };

/** Reads a manifest with more distrust than refine does, which makes a shard again where in doubt. */
export function readManifest(bytes: Uint8Array): ReadManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { state: 'unreadable', why: `no JSON: ${(error as Error).message}` };
  }
  if (json === null || decodeClaims(bytes).length > 0) return { state: 'empty' };
  const parsed = MANIFEST.safeParse(json);
  if (parsed.success) return { state: 'stands', manifest: json as Manifest };
  const issue = parsed.error.issues[0]!;
  return { state: 'unreadable', why: `${issue.path.join('.') || 'the whole'}: ${issue.message}` };
}
