import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { materialiseLake } from '../../lib/cli/materialise-lake.ts';
import { tableKey } from '../../lib/domain/keys.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { btc, page, refinedLake } from '../refine/refined-lake.ts';

const SERIES = btc('12h');
const at = (text: string) => Date.parse(text);

test('a table that is nowhere to be had is what is said, and nothing is left behind while others are laid', async () => {
  const lake = refinedLake(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 62), page('12h', '2022-01-01T00:00Z', 62));
  await lake.refine({ nowMs: at('2026-01-01') });
  await lake.land(page('12h', '2022-02-01T00:00Z', 10));
  await lake.refine({ nowMs: at('2026-01-02') });
  await lake.store.put(tableKey('candles', SERIES, '2021'), Buffer.from('x'));
  // The shard behind it has grown: its candles of then are cut out, which takes its time.
  const slow: ObjectStore = {
    ...lake.store,
    get: async (key) => {
      if (key.includes('period=2022')) await sleep(50);
      return lake.store.get(key);
    },
  };
  const options = { asOfMs: at('2026-01-01'), nowMs: at('2026-01-03'), tables: ['candles', 'features'] as const };
  await expect(materialiseLake(slow, { ...options, runs: false })).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining('period=2021/candles.parquet as of 2026-01-01T00:00:00Z is not kept'),
  });
  await sleep(300);
  // Marks of replaced files stay for a while; nothing else does.
  const left = readdirSync(join(lake.store.url, '.writing')).filter((name) => !name.startsWith('after-'));
  expect(left).toEqual([]);
});

test.each(['', 'null', '{}', '{"finishedAtMs":'])('a report of a run that is %j is named', async (text) => {
  const lake = refinedLake(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 10));
  await lake.refine({ nowMs: at('2026-01-01') });
  await lake.store.put('runs/one/report.json', Buffer.from(text));
  const options = { asOfMs: at('2026-01-01'), nowMs: at('2026-01-03'), tables: ['candles'] as const, runs: true };
  await expect(materialiseLake(lake.store, options)).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining('runs/one/report.json is no report of a run'),
  });
});
