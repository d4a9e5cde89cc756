import { CorruptObject, NotPublished, UnexpectedFormat } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import type { ObjectStore } from '../../ports.ts';
import { parseKeptKey } from '../keys.ts';
import type { DamagedLanding } from './check-landing.ts';
import type { DamagedTable } from './check-versions.ts';
import type { Findings } from './findings.ts';
import type { Staging } from './staging.ts';
import type { AuditWorld } from './world.ts';

/**
 * Takes back the word of damaged shards' manifests: the next run makes the shards again from what landed.
 * Returns how many.
 */
export async function distrustShards(
  of: Series | Stream,
  periods: readonly Period[],
  { store, readers }: AuditWorld,
): Promise<number> {
  for (const period of periods) {
    await ('name' in of ? readers.distrustStream(store, of, period) : readers.distrust(store, of, period));
  }
  return periods.length;
}

/**
 * Fetches damaged landing objects again. They land only where the exchange still has the very bytes, for everything made
 * of them names their hash; otherwise they are lost, and the finding says so. Returns how many came.
 */
export async function fetchAgain(
  damaged: readonly DamagedLanding[],
  findings: Findings,
  world: AuditWorld,
): Promise<number> {
  let mended = 0;
  for (const { key, receiptKey, sha256, receipt: sound, chunk: named } of damaged) {
    const { source } = named;
    const chunk = { ...named, asOfMs: world.clock.nowMs() };
    let why = 'the exchange has other bytes now';
    try {
      const staging = await world.reach.ask(source === 'rest' ? 'REST' : 'archive', () => world.exchange.fetch(chunk));
      const bytes = staging && stagedLike(key, staging);
      const receipt = staging && stagedLike(receiptKey, staging);
      if (bytes && receipt) {
        await putOver(world.store, key, bytes);
        // A sound receipt says when these bytes came first, which decides between two sources.
        if (!sound) await world.store.put(receiptKey, receipt);
        mended++;
        continue;
      }
      if (!staging) why = 'the exchange is out of reach';
    } catch (error) {
      if (!(error instanceof NotPublished || error instanceof CorruptObject || error instanceof UnexpectedFormat))
        throw error;
      why = error.message;
    }
    findings.add('landing', 'wrong', {
      place: key,
      what: 'landed bytes fetched again',
      expected: sha256,
      found: why,
      remedy: asLost(why),
    });
  }
  return mended;
}

/** Returns the staged object of that name. Once its page has ended, an answer to an open page lands under another key. */
function stagedLike(key: string, { objects }: Staging): Uint8Array | undefined {
  const name = key.slice(key.lastIndexOf('/'));
  return objects.get(key) ?? [...objects].find(([staged]) => staged.endsWith(name))?.[1];
}

/**
 * Makes damaged tables of earlier versions again, from what had landed. They are put only where the very bytes come out;
 * otherwise they are lost, and the finding says so. Returns how many were.
 */
export async function remakeKept(
  damaged: readonly DamagedTable[],
  findings: Findings,
  { store, readers }: AuditWorld,
): Promise<number> {
  let mended = 0;
  for (const { key, recordKey } of damaged) {
    const { table } = parseKeptKey(key)!;
    const version = await readers.readVersion(store, recordKey);
    if (!version) continue;
    let why = 'what had landed makes another, by the code running here';
    try {
      const bytes = await readers.remakeTable(store, version, table);
      if (bytes) {
        await store.put(key, bytes);
        mended++;
        continue;
      }
    } catch (error) {
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      why = error.message;
    }
    findings.add('versions', 'wrong', {
      place: key,
      what: 'kept table made again',
      expected: version.manifest.outputs[table].sha256,
      found: why,
      remedy: 'repair again with the code that made it, or remove it by hand: --as-of then says that it is gone',
    });
  }
  return mended;
}

/** Puts landed bytes in the place of damaged ones; without a condition a store would leave those as they are. */
export async function putOver(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  const there = (await store.list(key)).find((object) => object.key === key);
  await store.put(key, bytes, { tag: there?.tag });
}

function asLost(why: string): string {
  if (why === 'the exchange is out of reach') return 'repair again with the exchange in reach';
  return 'lost: remove it and its receipt by hand; npx lake run fetches what is there now';
}
