import fc from 'fast-check';
import { codeHashes } from '../../../lib/adapters/local/code-hash.ts';
import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { lastCompleteKey } from '../../../lib/domain/schedule.ts';
import { sha256 } from '../../../lib/domain/sha256.ts';
import { TABLES } from '../../../lib/domain/tables.ts';
import { datasetKey, keptKey, tableKey, versionKey } from '../../../lib/lake/keys.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import type { DatasetRecord } from '../../../lib/lake/versions/dataset-record.ts';
import { encodeRecord } from '../../../lib/lake/versions/dataset-record.ts';
import { prunable } from '../../../lib/lake/versions/prune.ts';
import { prunableRuns } from '../../../lib/lake/versions/prune-runs.ts';
import { holderOf, listHistories } from '../../../lib/lake/versions/shard-history.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { candleRow } from '../../support/candles.ts';
import { btc, lakeOfEveryFeature, page } from '../../support/refined-lake.ts';
import { saidBy } from '../../support/terminal.ts';
import { DAY_MS } from '../../support/time.ts';

const SERIES = btc('12h');
const PERIOD = '2024';

/** One version: the tables it restated, whether a dataset id names it, and whether it has the first manifest again. */
interface Drawn {
  readonly restated: readonly string[];
  readonly named: boolean;
  readonly again: boolean;
}

/** A lake whose objects say which restatement of their table they hold, as real ones would in their values. */
async function lakeOf(drawn: readonly Drawn[]) {
  const store = memoryStore();
  const put = (key: string, text: string) => store.put(key, Buffer.from(text));
  const manifests = drawn.map(({ again }, i) => sha256(`manifest ${again ? 0 : i}`));
  const content = (table: string, i: number) => {
    // The first version's manifest again means the first version's bytes again.
    let last = 0;
    for (let at = 1; at <= i; at++) if (drawn[at]!.restated.includes(table)) last = at;
    return `${table} ${manifests[i] === manifests[0] ? 0 : last}`;
  };
  for (let i = 0; i < drawn.length; i++) {
    const id = { series: SERIES, period: PERIOD, publishedAtMs: i * DAY_MS, manifest12: manifests[i]!.slice(0, 12) };
    for (const table of TABLES) {
      // What the next version holds no more is kept.
      const next = drawn[i + 1] && content(table, i + 1);
      if (next !== undefined && next !== content(table, i)) {
        await put(keptKey(SERIES, PERIOD, manifests[i]!, table), content(table, i));
      }
      await put(tableKey(table, SERIES, PERIOD), content(table, i));
    }
    await put(versionKey(id), '{}');
    if (drawn[i]!.named) {
      const outputs = Object.fromEntries(TABLES.map((table) => [table, content(table, i)]));
      const shard = { series: SERIES, period: PERIOD, manifestSha256: manifests[i], outputs, named: true };
      const id = sha256(`dataset ${i}`);
      await store.put(datasetKey(id), encodeRecord({ id, shards: [shard] } as unknown as DatasetRecord));
    }
  }
  return { store, content };
}

/** The object that a table of each version is read from. */
async function readable(store: ObjectStore, count: number): Promise<string[][]> {
  const [history] = await listHistories(store);
  const texts: string[][] = [];
  for (let i = 0; i < count; i++) {
    const of = TABLES.map(async (table) => {
      const bytes = await store.get(holderOf(history!, i, table)?.key ?? tableKey(table, SERIES, PERIOD));
      return Buffer.from(bytes!).toString();
    });
    texts.push(await Promise.all(of));
  }
  return texts;
}

const VERSIONS = fc.array(
  fc.record({
    restated: fc.subarray([...TABLES] as string[]),
    named: fc.boolean(),
    again: fc.nat(5).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 7 },
);

test('pruning spares what an id names, what is current and what was replaced lately, and takes the rest', async () => {
  let removed = 0;
  await fc.assert(
    fc.asyncProperty(VERSIONS, fc.integer({ min: 0, max: 8 }), async (drawn, days) => {
      const { store, content } = await lakeOf(drawn);
      const expected = (i: number) => TABLES.map((table) => content(table, i));
      const beforeMs = days * DAY_MS + 1;
      const tables = await prunable(store, beforeMs);
      const gone = new Set(tables.map(({ key }) => key));
      for (const key of gone) expect(key).toMatch(/^versions\/.*\/(candles|features|labels|gaps)\.parquet$/);
      const left = memoryStore();
      for (const [key, bytes] of store.objects) if (!gone.has(key)) await left.put(key, bytes);
      const texts = await readable(left, drawn.length);
      const current = drawn.length - 1;
      for (let i = 0; i < drawn.length; i++) {
        // A version is replaced when the next is published.
        const isLate = i === current || (i + 1) * DAY_MS >= beforeMs;
        if (drawn[i]!.named || isLate) expect(texts[i]).toEqual(expected(i));
      }
      removed += gone.size;
      if (!drawn.some(({ named, again }) => named || again)) {
        const old = [...store.objects.keys()].filter((key) => /^versions\/.*\.parquet$/.test(key));
        if (days >= drawn.length) expect(gone.size).toBe(old.length);
      }
    }),
    { numRuns: 300 },
  );
  expect(removed).toBeGreaterThan(100);
});

test.each<[string, (text: string) => string]>([
  ['cut off', (text) => text.slice(0, 100)],
  ['empty', () => ''],
  ['null', () => 'null'],
  ['without its shards', () => '{}'],
  ['with another digit', (text) => text.replace(/"manifestSha256":"./, '"manifestSha256":"x')],
])('nothing is pruned while the record of a dataset id is %s: nobody knows what it names', async (_what, damage) => {
  const version = { restated: [...TABLES], again: false };
  const { store } = await lakeOf([
    { ...version, named: true },
    { ...version, named: false },
  ]);
  expect(await prunable(store, 9 * DAY_MS)).toEqual([]);
  const key = datasetKey(sha256('dataset 0'));
  await store.put(key, Buffer.from(damage(Buffer.from(store.objects.get(key)!).toString())));
  await expect(prunable(store, 9 * DAY_MS)).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringContaining(`${key} is not the record of the id that its name promises`),
  });
});

test('lists first, removes only when told to, and leaves what a dataset id was made of', async () => {
  const lake = lakeOfEveryFeature(SERIES);
  const dayMs = (day: string) => Date.parse(`2026-01-${day}T00:00Z`);
  const code = codeHashes().candles;
  const restate = async (seed: number, nowMs: number) => {
    const row = candleRow('12h', Date.parse('2021-11-20T12:00Z'), seed);
    await lake.land({ source: 'archive_daily', rows: [row], fetchedAtMs: nowMs });
    await lake.refine({ nowMs, codeHash: code });
  };
  await lake.land(page('12h', '2021-11-01T00:00Z', 122));
  await lake.refine({ nowMs: dayMs('01'), codeHash: code });
  await restate(98, dayMs('02'));
  const range = ['--symbols', 'BTCUSDT', '--interval', '12h', '--from', '2021-11-01', '--to', '2022-01-01'];
  const url = ['--lake', lake.store.url];
  const named = await saidBy(['dataset', ...range, '--id-only', ...url]);
  expect(named).toMatchObject({ code: 0, err: '' });
  await restate(99, dayMs('03'));
  const close = async (asOf: string) => {
    const sql = "SELECT close FROM candles WHERE open_time = '2021-11-20 12:00'";
    return saidBy(['query', sql, '--json', '--as-of', asOf, ...url]);
  };
  const [first, second] = [await close('2026-01-01'), await close('2026-01-02')];
  expect(first.out).not.toBe(second.out);

  const variables = { CANDLELAKE_NOW: '2026-02-01T00:00:00Z' };
  const kept = async () => (await lake.store.list('versions/')).filter(({ key }) => key.endsWith('.parquet')).length;
  expect(await kept()).toBe(2 * TABLES.length);
  const listed = await saidBy(['prune', '--older-than', '7d', ...url], variables);
  expect(listed.code).toBe(0);
  expect(listed.out).toContain('nothing is removed without --remove');
  expect(Math.max(...listed.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(await kept()).toBe(2 * TABLES.length);
  expect((await saidBy(['prune', ...url], variables)).out).toContain('nothing to remove');
  const removed = await saidBy(['prune', '--older-than', '7d', '--remove', ...url], variables);
  expect(removed.out).toMatch(/removed 4 tables of old versions/);
  expect(await kept()).toBe(TABLES.length);
  const history = await saidBy(['history', '--shard', '2021', ...url]);
  expect(history.out).toMatch(
    / created\n[\s\S]*; run run\n {4}candles, features, gaps, labels no longer kept\n {2}2026-01-02/,
  );
  expect(history.out.match(/labels kept\n/g)).toHaveLength(1);
  expect(await close('2026-01-02')).toEqual(second);
  // The code and what had landed are still there: the version that was pruned is made again.
  expect(await close('2026-01-01')).toEqual(first);
  expect((await saidBy(['verify', named.out.trim().split(' ')[1]!, ...url])).code).toBe(0);
  // Once that is gone too, that is what is said.
  const [landed] = (await lake.store.list('landing/')).filter(({ key }) =>
    /source=rest.*[0-9a-f]{64}\.json$/.test(key),
  );
  await folderObjectStore(lake.store.url).remove(landed!.key);
  const lost = await close('2026-01-01');
  expect(lost).toMatchObject({
    code: 1,
    err: expect.stringContaining('as of 2026-01-01T00:00:00Z is not kept, and cannot be made again: landing object'),
  });
});

describe('runs', () => {
  const KEYS = [
    'runs/old/plan.json',
    'runs/old/refine/um_BTCUSDT_15m.json',
    'runs/old/report.json',
    'run_reports/day=2026-01-01/old.json',
    'runs/young/plan.json',
    'run_reports/day=2026-01-02/young.json',
    'runs/without-a-report/plan.json',
    // When a schedule was last complete: the metric of its alarm reads it.
    lastCompleteKey('WatchList'),
    'landing/klines/market=um/symbol=BTCUSDT/interval=15m/open=20260101T000000Z/runs/old/plan.json',
  ];
  async function lake() {
    const store = memoryStore();
    for (const key of KEYS) await store.put(key, Buffer.from('{}'));
    return store;
  }

  test('that ended on a day before leave their plan and results; reports and what landed stay', async () => {
    expect(await prunableRuns(await lake(), Date.parse('2026-01-02T00:00Z'))).toEqual([
      { runId: 'old', day: '2026-01-01', keys: KEYS.slice(0, 2), sizeBytes: 4 },
    ]);
    expect(await prunableRuns(await lake(), Date.parse('2026-01-01T23:59Z'))).toEqual([]);
  });

  test('are listed, and removed with --remove', async () => {
    const { store } = await refinedFolder();
    for (const key of KEYS) await store.put(key, Buffer.from('{}'));
    const left = async () => (await store.list('')).map(({ key }) => key).filter((key) => KEYS.includes(key));
    const variables = { CANDLELAKE_NOW: '2026-03-01T00:00:00Z' };
    const url = ['--lake', store.url];
    const listed = await saidBy(['prune', '--older-than', '30d', ...url], variables);
    expect(listed.out).toContain('2 runs from 2026-01-01 to 2026-01-02, 3 objects, 6 B; nothing is removed');
    expect(await left()).toHaveLength(KEYS.length);
    const removed = await saidBy(['prune', '--older-than', '30d', '--remove', ...url], variables);
    expect(removed.out).toContain('removed 2 runs from 2026-01-01 to 2026-01-02, 3 objects, 6 B; their reports stay');
    const gone = [KEYS[0], KEYS[1], KEYS[4]];
    expect(await left()).toEqual([...KEYS].sort().filter((key) => !gone.includes(key)));
  });

  async function refinedFolder() {
    const folder = lakeOfEveryFeature(SERIES);
    await folder.land(page('12h', '2021-11-01T00:00Z', 30));
    await folder.refine();
    return folder;
  }
});
