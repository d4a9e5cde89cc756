import { parquetMetadata } from 'hyparquet';
import { nextOpenTime } from '../../lib/domain/interval.ts';
import { decodeClaims } from '../../lib/lake/manifest/claim.ts';
import type { Manifest, StreamManifest } from '../../lib/lake/manifest/contract.ts';
import type { MemoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { REQUEST } from '../chaos/schedule.ts';
import { sha256Of } from './bytes.ts';
import { candleValues, parquetRows } from './parquet.ts';

// The same bytes recur in every schedule, so they are read once.
const readable = new Map<string, Promise<number>>();

/**
 * Reads every column of Parquet bytes to its end and returns the number of rows.
 * @throws Error if the bytes cannot be read
 */
function rowsOf(bytes: Uint8Array): Promise<number> {
  const key = sha256(bytes);
  const known = readable.get(key) ?? readAll(bytes);
  readable.set(key, known);
  return known;
}

async function readAll(bytes: Uint8Array): Promise<number> {
  const rows = await parquetRows(bytes);
  const declared = Number(parquetMetadata(Uint8Array.from(bytes).buffer).num_rows);
  if (rows.length !== declared) throw new Error(`parquet has ${rows.length} rows, its footer says ${declared}`);
  return rows.length;
}

// Stored objects are never written to, only replaced.
const hashes = new WeakMap<Uint8Array, string>();

function sha256(bytes: Uint8Array): string {
  const hash = hashes.get(bytes) ?? sha256Of(bytes);
  hashes.set(bytes, hash);
  return hash;
}

export function isParquet(key: string): boolean {
  return key.endsWith('.parquet');
}

/** Returns true for the keys of objects that `refine` makes and that must be the same whatever fault came before. */
export function isRefined(key: string): boolean {
  return (isParquet(key) && !key.startsWith('versions/')) || key.startsWith('checkpoints/');
}

/** Returns the store with a check after every put. It calls `violation` for each fault that a reader would meet. */
export function watchedLake(store: MemoryStore, violation: (text: string) => void): ObjectStore {
  return {
    url: store.url,
    get: (key) => store.get(key),
    list: (prefix, after) => store.list(prefix, after),
    async put(key, bytes, condition) {
      const tag = await store.put(key, bytes, condition);
      for (const text of await faultsOfPut(store, key, bytes)) violation(text);
      return tag;
    },
  };
}

async function faultsOfPut({ objects }: MemoryStore, key: string, bytes: Uint8Array): Promise<string[]> {
  // A copy, because another run may change the store during the check.
  const store = { objects: new Map(objects) };
  if (isParquet(key)) {
    try {
      await rowsOf(store.objects.get(key) ?? bytes);
    } catch (error) {
      return [`${key} cannot be read: ${(error as Error).message}`];
    }
  }
  const isManifest = key.startsWith('manifests/');
  if (!isManifest && !isRefined(key)) return [];
  const shard = isManifest ? key : `manifests/${key.split('/').slice(1, -1).join('/')}/manifest.json`;
  return manifestFaults(store, shard);
}

/** The manifest of a series' shard, or of a stream's. */
type AnyManifest = Partial<Pick<Manifest, 'outputs' | 'checkpoint'>> &
  Pick<StreamManifest, 'output'> & { readonly inputs: readonly (string | Manifest['inputs'][number])[] };

/** Returns the places in which the objects of a shard differ from its manifest. */
async function manifestFaults(store: Pick<MemoryStore, 'objects'>, key: string): Promise<string[]> {
  const text = store.objects.get(key);
  const manifest = text ? (JSON.parse(Buffer.from(text).toString()) as AnyManifest | null) : null;
  if (!manifest || decodeClaims(text).length > 0) return [];
  const faults: string[] = [];
  for (const { key: output, sha256: hash, rows } of Object.values(manifest.outputs ?? [manifest.output ?? []].flat())) {
    const bytes = store.objects.get(output);
    if (!bytes) faults.push(`${output} is listed in its manifest and missing`);
    else if (sha256(bytes) !== hash) faults.push(`${output} has not the hash that its manifest lists`);
    else if ((await rowsOf(bytes)) !== rows) faults.push(`${output} has not the rows its manifest says`);
  }
  const { checkpoint } = manifest;
  const state = checkpoint && store.objects.get(checkpoint.key);
  if (checkpoint && (!state || sha256(state) !== checkpoint.sha256)) {
    faults.push(`${checkpoint.key} has not the hash that its manifest lists`);
  }
  for (const input of manifest.inputs) {
    const landed = typeof input === 'string' ? input : input.key;
    if (!store.objects.has(landed)) faults.push(`${landed} went into a shard and is not in the lake`);
  }
  return faults;
}

/** Returns the faults of a lake at rest: in tables, manifests and landed bytes. */
export async function lakeFaults(store: MemoryStore): Promise<string[]> {
  const faults: string[] = [];
  for (const [key, bytes] of store.objects) {
    if (isParquet(key)) {
      await rowsOf(bytes).catch((error: Error) => faults.push(`${key} cannot be read: ${error.message}`));
    } else if (key.startsWith('manifests/')) {
      faults.push(...(await manifestFaults(store, key)));
    } else if (key.startsWith('landing/') && key.endsWith('.receipt.json')) {
      const receipt = JSON.parse(Buffer.from(bytes).toString()) as { sha256: string };
      const landed = ['.zip', '.json'].map((end) => store.objects.get(key.replace(/\.receipt\.json$/, end)));
      if (!landed.some((object) => object && sha256(object) === receipt.sha256)) {
        faults.push(`${key} has no bytes of that hash beside it`);
      }
    }
  }
  return faults;
}

/** The first few keys in which two lakes' refined objects differ. */
export function differences(lake: MemoryStore, expected: MemoryStore): string[] {
  const keys = new Set([...lake.objects.keys(), ...expected.objects.keys()].filter(isRefined));
  return [...keys].filter((key) => {
    const [a, b] = [lake.objects.get(key), expected.objects.get(key)];
    return !a || !b || Buffer.compare(a, b) !== 0;
  });
}

/**
 * Returns the keys without those of ledgers that give the same reasons for the same intervals. Earlier faults stay in
 * the ledger as evidence: a candle that was seen open is in conflict for good, and a later answer has a later time. The
 * absent intervals, and the reason of each, must be the same.
 */
export async function withoutSameStories(
  keys: readonly string[],
  lake: MemoryStore,
  expected: MemoryStore,
): Promise<string[]> {
  const different: string[] = [];
  for (const key of keys) {
    const isLedger = key.startsWith('gaps/');
    if (!isLedger || (await storyOf(lake, key)) !== (await storyOf(expected, key))) different.push(key);
  }
  return different;
}

/** Returns the keys without those of candles that differ only in their source. */
export async function withoutSameCandles(
  keys: readonly string[],
  lake: MemoryStore,
  expected: MemoryStore,
): Promise<string[]> {
  const [ours, theirs] = [await candleValues(lake), await candleValues(expected)];
  const same = ours.size === theirs.size && [...theirs].every(([candle, value]) => ours.get(candle) === value);
  return keys.filter((key) => !(same && key.startsWith('candles/')));
}

/** Returns the class of each interval in time order, without conflicts. */
async function storyOf(store: MemoryStore, key: string): Promise<string> {
  const bytes = store.objects.get(key);
  if (!bytes) return 'none';
  const rows = await parquetRows(bytes);
  const story: string[] = [];
  for (const { class: kind, from_time, to_time } of rows) {
    if (kind === 'source_conflict') continue;
    for (let timeMs = Number(from_time); timeMs < Number(to_time); timeMs = nextOpenTime(REQUEST.interval, timeMs)) {
      story.push(`${timeMs} ${kind}`);
    }
  }
  return story.join('\n');
}
