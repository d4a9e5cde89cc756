import { ObjectChanged } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { manifestKey } from '../keys.ts';
import { encodeManifest } from './manifest.ts';

/** Has the next refine make a shard again, because its bytes were found damaged. */
export function distrust(store: ObjectStore, series: Series, period: Period): Promise<void> {
  return voidManifest(store, manifestKey(series, period));
}

/**
 * Puts `null` in the place of a manifest. Does nothing if there is no manifest, and if a run replaces it at the same
 * moment: that run makes the shard again.
 */
export async function voidManifest(store: ObjectStore, key: string): Promise<void> {
  const [there] = await store.list(key);
  if (!there) return;
  await store.put(key, encodeManifest(undefined), { tag: there.tag }).catch((error: unknown) => {
    if (!(error instanceof ObjectChanged)) throw error;
  });
}
