import { type MemoryStore, memoryStore } from '../../../lib/lake/memory-store.ts';
import { refine } from '../../../lib/lake/refine/refine.ts';
import { candleRows } from '../../support/candles.ts';
import { landAll, landedObject } from '../../support/landing.ts';
import type { FuzzTarget } from '../targets.ts';

const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '12h' } as const;
const WORLD = { clock: { nowMs: () => 0 }, codeHash: 'code', outOfTime: () => false };

/**
 * One damaged object of a lake (a manifest, a checkpoint, a receipt, landed bytes): refine refuses by name or leaves
 * the tables unchanged. The first byte chooses the object, the second decides whether the shards are rebuilt.
 */
export async function lakeTarget(): Promise<FuzzTarget> {
  const sound = memoryStore();
  const answers = [
    { source: 'archive_daily', rows: candleRows('12h', '2021-12-25T00:00Z', 16) },
    { source: 'rest', rows: candleRows('12h', '2022-01-02T00:00Z', 6) },
    { source: 'rest', rows: candleRows('12h', '2022-12-28T00:00Z', 12) },
  ] as const;
  await landAll(sound, await Promise.all(answers.map((answer) => landedObject({ series: SERIES, ...answer }))));
  await refine({ runId: 'first', series: SERIES }, { store: sound, ...WORLD });
  const keys = [...sound.objects.keys()].filter((key) => !key.endsWith('.parquet') && !key.startsWith('runs/'));

  const samples = keys.flatMap((key, index) =>
    [0, 1].map((anew) => Buffer.concat([Buffer.of(index, anew), sound.objects.get(key)!])),
  );
  return {
    name: 'lake',
    samples,
    errors: ['CorruptObject', 'UnexpectedFormat'],
    async read(bytes) {
      const damagedKey = keys[(bytes[0] ?? 0) % keys.length]!;
      const anew = (bytes[1] ?? 0) % 2 === 1;
      const lake = memoryStore();
      for (const [key, object] of sound.objects) {
        if (!(anew && key.startsWith('manifests/'))) await lake.put(key, object);
      }
      await lake.put(damagedKey, bytes.subarray(2));
      await refine({ runId: 'second', series: SERIES }, { store: lake, ...WORLD });
      // Another instant in a receipt is another fact: only then may a rebuilt shard differ.
      if (anew && damagedKey.endsWith('.receipt.json')) return;
      const other = tablesOf(sound).find(([key, table]) => Buffer.compare(table, lake.objects.get(key)!) !== 0);
      if (other) throw new Error(`${other[0]} is another after ${damagedKey} was damaged`);
    },
  };
}

function tablesOf({ objects }: MemoryStore): (readonly [string, Uint8Array])[] {
  return [...objects].filter(([key]) => key.endsWith('.parquet'));
}
