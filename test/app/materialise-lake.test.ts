import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { duckdbQueryEngine } from '../../lib/adapters/local/duckdb-query-engine.ts';
import { materialiseLake } from '../../lib/app/materialise-lake.ts';
import { runKey, runReportKey, tableKey } from '../../lib/lake/keys.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { btc, lakeOfEveryFeature, page } from '../support/refined-lake.ts';
import { at } from '../support/time.ts';

const SERIES = btc('12h');

test('a missing table is named, and no file stays while others are being written', async () => {
  const lake = lakeOfEveryFeature(SERIES);
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
  const lake = lakeOfEveryFeature(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 10));
  await lake.refine({ nowMs: at('2026-01-01') });
  await lake.store.put('runs/one/report.json', Buffer.from(text));
  const options = { asOfMs: at('2026-01-01'), nowMs: at('2026-01-03'), tables: ['candles'] as const, runs: true };
  await expect(materialiseLake(lake.store, options)).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining('runs/one/report.json is not a report of a run'),
  });
});

describe('the runs of an earlier instant', () => {
  const report = (runId: string, finishedAtMs: number) =>
    Buffer.from(`${JSON.stringify({ runId, complete: true, asOfMs: finishedAtMs, finishedAtMs })}\n`);

  /** The runs that the lake says had ended by an instant, and their folder. */
  async function runsAsOf(store: ObjectStore): Promise<unknown[]> {
    const options = { asOfMs: at('2026-01-02'), nowMs: at('2026-03-01'), tables: ['candles'] as const, runs: true };
    const laid = await materialiseLake(store, options);
    const engine = await duckdbQueryEngine(laid.folder);
    const { rows } = await engine.query('SELECT run_id FROM runs ORDER BY run_id');
    await engine.close();
    await laid.remove();
    expect(existsSync(laid.folder)).toBe(false);
    return rows.flat();
  }

  async function lakeOfOneShard(): Promise<ObjectStore> {
    const lake = lakeOfEveryFeature(SERIES);
    await lake.land(page('12h', '2021-12-01T00:00Z', 10));
    await lake.refine({ nowMs: at('2026-01-01') });
    return lake.store;
  }

  test('are read from the copies of the reports, which outlive what is below runs/', async () => {
    const store = await lakeOfOneShard();
    for (const [runId, endedMs] of [
      ['early', at('2026-01-01')],
      ['late', at('2026-01-03')],
    ] as const) {
      await store.put(runReportKey(runId, endedMs), report(runId, endedMs));
    }
    const inBucket = { ...store, url: 's3://lake' };
    expect([await runsAsOf(store), await runsAsOf(inBucket)]).toEqual([['early'], ['early']]);
  });

  test('appear once, also if only the report exists: of a run that was cut off, or of earlier code', async () => {
    const store = await lakeOfOneShard();
    await store.put(runReportKey('copied', at('2026-01-01')), report('copied', at('2026-01-01')));
    for (const runId of ['copied', 'cut-off']) {
      await store.put(runKey(runId, 'report.json'), report(runId, at('2026-01-01')));
    }
    expect(await runsAsOf(store)).toEqual(['copied', 'cut-off']);
  });
});
