import { manifestKey } from '../domain/keys.ts';
import type { Period } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import type { ObjectStore } from '../ports.ts';
import { encodeManifest } from './manifest.ts';

/**
 * Has the next refine make a shard again, as where its bytes were found damaged: nothing vouches for them any more. Where
 * nothing did, nothing is put.
 */
export async function distrust(store: ObjectStore, series: Series, period: Period): Promise<void> {
  const key = manifestKey(series, period);
  if (await store.get(key)) await store.put(key, encodeManifest(undefined));
}
