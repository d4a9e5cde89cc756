import { createHash } from 'node:crypto';
import { CorruptObject } from '../domain/errors.ts';
import { manifestKey, tableKey } from '../domain/keys.ts';
import type { Period } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import type { ObjectStore } from '../ports.ts';
import { refine } from '../refine/refine.ts';

export interface RebuildInput {
  readonly series: Series;
  /** Keys below `landing/` that may be read; everything else that landed is as if it had not. */
  readonly landed: ReadonlySet<string>;
  /** Periods that had a shard. One that lost all its candles has nothing landed to tell it from one that never was. */
  readonly periods: readonly Period[];
  /** The last shard that is wanted. */
  readonly until: Period;
  readonly codeHash: string;
}

/**
 * Makes the shards of a series again from landed objects alone, by the refine stage itself.
 * @param scratch where the shards go; holds none of the series before
 * @throws CorruptObject where landed bytes are not those of their name
 */
export async function rebuild(input: RebuildInput, lake: ObjectStore, scratch: ObjectStore): Promise<void> {
  const { series, landed, periods, until, codeHash } = input;
  let done = false;
  for (const period of periods) await scratch.put(tableKey('candles', series, period), NOT_MADE_YET);
  const store: ObjectStore = {
    url: lake.url,
    get: (key) => (isLanded(key) ? getLanded(lake, landed, key) : scratch.get(key)),
    async put(key, bytes) {
      await scratch.put(key, bytes);
      // A shard's manifest is the last of it; nothing was there to be voided first.
      if (key === manifestKey(series, until)) done = true;
    },
    async list(prefix) {
      if (!isLanded(prefix)) return scratch.list(prefix);
      return (await lake.list(prefix)).filter(({ key }) => landed.has(key));
    },
  };
  await refine({ runId: 'rebuild', series }, { store, clock: { nowMs: () => 0 }, codeHash, outOfTime: () => done });
}

/** Stands in the place of a table until the shard is made; without a manifest it counts for nothing but for being there. */
const NOT_MADE_YET = new Uint8Array();

function isLanded(key: string): boolean {
  return key.startsWith('landing/');
}

async function getLanded(lake: ObjectStore, landed: ReadonlySet<string>, key: string): Promise<Uint8Array | undefined> {
  const bytes = landed.has(key) ? await lake.get(key) : undefined;
  const expected = /\/([0-9a-f]{64})\.(?:zip|json)$/.exec(key)?.[1];
  if (!bytes || expected === undefined) return bytes;
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== expected) throw new CorruptObject(`${key} has sha256 ${found}, expected that of its name`);
  return bytes;
}
