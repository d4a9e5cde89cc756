import { z } from 'zod';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { checkpointPrefix, manifestKey, manifestPrefix, TABLES, tablePrefix } from '../keys.ts';
import type { Manifest } from './contract.ts';
import { listPublished, type Published } from './replace-shard.ts';

/** The manifest of a shard, or undefined where it has none, or one that cannot be read and so vouches for nothing. */
export async function readManifest(store: ObjectStore, series: Series, period: Period): Promise<Manifest | undefined> {
  const bytes = await store.get(manifestKey(series, period));
  if (!bytes) return undefined;
  try {
    const manifest: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isManifest(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
const WHOLE = z.number().int().nonnegative();
const OUTPUT = z.looseObject({ key: z.string(), sha256: SHA256, sizeBytes: WHOLE });

/** What others go on: a manifest that lacks any of it vouches for nothing. */
const MANIFEST = z.looseObject({
  inputs: z.array(z.looseObject({ key: z.string(), sha256: SHA256 })),
  codeHash: z.string(),
  previousChain: z.string(),
  chain: z.string(),
  checkpoint: z.looseObject({ key: z.string(), sha256: SHA256 }),
  outputs: z.looseObject({ candles: OUTPUT, features: OUTPUT, labels: OUTPUT, gaps: OUTPUT }),
  head: z.looseObject({ sha256: z.string(), candles: WHOLE }),
  lookahead: z.string(),
  ledger: z.looseObject({ fromMs: WHOLE, toMs: WHOLE, basis: z.string() }),
  report: z.looseObject({ period: z.string(), candles: WHOLE, firstOpenTimeMs: WHOLE, lastOpenTimeMs: WHOLE }),
});

function isManifest(value: unknown): value is Manifest {
  return MANIFEST.safeParse(value).success;
}

/** The bytes that a manifest is stored as; `null` if the shard is to be made again. */
export function encodeManifest(manifest: Manifest | undefined): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest ?? null)}\n`);
}

/** Lists all that is published of a series, by key. */
export function listStored(store: ObjectStore, series: Series): Promise<Published> {
  const tables = TABLES.map((table) => tablePrefix(table, series));
  return listPublished(store, [manifestPrefix(series), ...tables, checkpointPrefix(series)]);
}
