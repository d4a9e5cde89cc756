import { TABLES } from '../../../lib/domain/tables.ts';
import { checkpointKey, manifestKey, refineResultKey, tableKey, versionsPrefix } from '../../../lib/lake/keys.ts';
import type { Manifest } from '../../../lib/lake/manifest/contract.ts';
import { voidManifest } from '../../../lib/lake/manifest/manifest.ts';
import { isUpToDate, refine } from '../../../lib/lake/refine/refine.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { sha256Of } from '../../support/bytes.ts';
import { candleRow } from '../../support/candles.ts';
import { FEW_FEATURES } from '../../support/few-features.ts';
import type { SeriesAnswer } from '../../support/landing.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';

const SERIES = btc('12h');
/** The horizon of labels at 12h is sixty candles, thirty days. */
const [Y2021, Y2022] = [page('12h', '2021-11-01T00:00Z', 122), page('12h', '2022-01-01T00:00Z', 730)];
const inYear2023 = (day: string, count: number) => page('12h', `2023-01-${day}T00:00Z`, count);

async function lakeWith(...answers: readonly SeriesAnswer[]): Promise<RefinedLake> {
  const lake = refinedLake(SERIES);
  await lake.land(...answers);
  return lake;
}

async function manifestOf({ store, series }: RefinedLake, period: string): Promise<Manifest> {
  return JSON.parse(Buffer.from((await store.get(manifestKey(series, period)))!).toString()) as Manifest;
}

test('each shard has its tables, its checkpoint and a manifest with the hashes of their bytes', async () => {
  const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 70));
  expect(await lake.refine()).toEqual({ runId: 'run', series: SERIES, done: true, shards: 3, recomputed: 3 });
  const { store } = lake;
  let previousChain = '';
  const report = await lake.report();
  for (const [index, period] of ['2021', '2022', '2023'].entries()) {
    const manifest = await manifestOf(lake, period);
    expect(manifest).toMatchObject({ series: SERIES, period, codeHash: 'code 1', previousChain });
    previousChain = manifest.chain;
    const told = [...TABLES.map((table) => manifest.outputs[table]), manifest.checkpoint];
    const keys = [...TABLES.map((table) => tableKey(table, SERIES, period)), checkpointKey(SERIES, period)];
    expect(told.map(({ key }) => key)).toEqual(keys);
    for (const { key, sha256 } of told) {
      const bytes = (await store.get(key))!;
      expect(sha256Of(bytes)).toBe(sha256);
    }
    for (const { key, sha256 } of manifest.inputs) {
      expect(sha256Of((await store.get(key))!)).toBe(sha256);
    }
    const { manifestSha256, manifestKey: key, recomputed, ...rest } = report.shards[index]!;
    expect({ recomputed, rest }).toEqual({ recomputed: true, rest: manifest.report });
    expect(sha256Of((await store.get(key))!)).toBe(manifestSha256);
  }
  // Labels of the last sixty candles look into the next year, and the last year's are not decided all.
  expect(report.shards.map(({ candles }) => candles)).toEqual([122, 730, 70]);
  expect(report.shards.slice(0, 2).map(({ labels }) => labels)).toEqual([122, 730]);
  expect(report.shards[2]!.labels).toBe(10);
});

test('a second run puts nothing but its own report', async () => {
  const lake = await lakeWith(Y2021, Y2022);
  const world = {
    store: lake.store,
    clock: { nowMs: () => 0 },
    codeHash: 'code 1',
    outOfTime: () => false,
    features: FEW_FEATURES,
  };
  lake.store.forget();
  expect(await isUpToDate(SERIES, world)).toBe(false);
  expect(lake.store.puts).toEqual([]);
  await lake.refine();
  const first = await lake.report();
  lake.store.forget();
  expect(await isUpToDate(SERIES, world)).toBe(true);
  expect(lake.store.puts).toEqual([]);
  expect(await lake.refine()).toMatchObject({ done: true, shards: 2, recomputed: 0 });
  expect(lake.store.puts).toEqual([refineResultKey('run', SERIES)]);
  expect((await lake.report()).shards).toEqual(first.shards.map((shard) => ({ ...shard, recomputed: false })));
});

test('a series without landed objects has no shard; with an empty answer it has one for its ledger', async () => {
  const lake = await lakeWith();
  expect(await lake.refine()).toMatchObject({ done: true, shards: 0, recomputed: 0 });
  const range = { fromMs: Date.parse('2022-01-01'), toMs: Date.parse('2022-02-01') };
  await lake.land({ source: 'rest', rows: [], range });
  expect(await lake.periods()).toEqual({ all: ['2022'], recomputed: ['2022'] });
  const [shard] = (await lake.report()).shards;
  expect(shard).toMatchObject({
    candles: 0,
    labels: 0,
    grid: 62,
    accounted: { unknown: { intervals: 62, candles: 0 } },
  });
  lake.store.forget();
  expect(await lake.refine()).toMatchObject({ done: true, shards: 1, recomputed: 0 });
  expect(lake.store.puts).toEqual([refineResultKey('run', SERIES)]);
});

describe('what landed since is all that is computed', () => {
  test('new candles: their period, and the one before while its labels look at them', async () => {
    const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 53));
    expect((await lake.periods()).recomputed).toEqual(['2021', '2022', '2023']);
    // 2022 waits for sixty candles and has 53; six more are within its sight.
    await lake.land(page('12h', '2023-01-27T12:00Z', 6));
    expect((await lake.periods()).recomputed).toEqual(['2022', '2023']);
    await lake.land(page('12h', '2023-01-30T12:00Z', 1));
    expect((await lake.periods()).recomputed).toEqual(['2022', '2023']);
    const before = await madeIn(lake.store);
    await lake.land(inYear2023('31', 30));
    expect((await lake.periods()).recomputed).toEqual(['2023']);
    const after = await madeIn(lake.store);
    const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
    expect(changed.every((key) => key.includes('period=2023/'))).toBe(true);
    expect(changed).toHaveLength(5);
  });

  test('labels look across a shard that is shorter than their horizon', async () => {
    const few = page('12h', '2022-06-01T00:00Z', 2);
    const lake = await lakeWith(Y2021, few, inYear2023('01', 3));
    await lake.refine();
    await lake.land(page('12h', '2023-01-02T12:00Z', 2));
    expect((await lake.periods()).recomputed).toEqual(['2021', '2022', '2023']);
  });

  test('a candle restated in the middle: from there on, nothing before', async () => {
    const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 20));
    await lake.refine();
    const restated = candleRow('12h', Date.parse('2022-06-01T12:00Z'), 99);
    await lake.land({ source: 'archive_daily', rows: [restated] });
    expect((await lake.periods()).recomputed).toEqual(['2022', '2023']);
    expect((await lake.report()).shards[1]).toMatchObject({ conflicts: 1, duplicates: 0 });
  });

  test('a candle restated among those that earlier labels look at: those labels too', async () => {
    const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 20));
    await lake.refine();
    await lake.land({ source: 'archive_daily', rows: [candleRow('12h', Date.parse('2022-01-30T12:00Z'), 99)] });
    expect((await lake.periods()).recomputed).toEqual(['2021', '2022', '2023']);
    await lake.land({ source: 'archive_daily', rows: [candleRow('12h', Date.parse('2022-01-31T00:00Z'), 99)] });
    expect((await lake.periods()).recomputed).toEqual(['2022', '2023']);
  });

  test('a candle that landed again with the same values: its own shard, whose lineage it is, alone', async () => {
    const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 20));
    await lake.refine();
    const before = await madeIn(lake.store);
    const again = { source: 'rest', fetchedAtMs: Date.UTC(2031, 0, 1) } as const;
    await lake.land(page('12h', '2022-06-01T00:00Z', 5, again));
    expect((await lake.periods()).recomputed).toEqual(['2022']);
    const after = await madeIn(lake.store);
    expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual([manifestKey(SERIES, '2022')]);
  });

  test('candles that an answer, fetched later, has too: nothing', async () => {
    const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 20));
    await lake.refine();
    const before = await madeIn(lake.store);
    await lake.land(page('12h', '2022-06-01T00:00Z', 5, { source: 'rest', fetchedAtMs: 1 }));
    expect((await lake.periods()).recomputed).toEqual([]);
    expect(await madeIn(lake.store)).toEqual(before);
  });

  test('an earlier period: it and all that follow', async () => {
    const lake = await lakeWith(Y2022, inYear2023('01', 20));
    await lake.refine();
    await lake.land(Y2021);
    expect(await lake.periods()).toEqual({ all: ['2021', '2022', '2023'], recomputed: ['2021', '2022', '2023'] });
  });

  test('other code: everything', async () => {
    const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 20));
    await lake.refine();
    expect((await lake.periods({ codeHash: 'code 2' })).recomputed).toEqual(['2021', '2022', '2023']);
    expect((await lake.periods({ codeHash: 'code 2' })).recomputed).toEqual([]);
  });
});

test('an object that was removed, or a manifest that cannot be read, is made again as it was', async () => {
  const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 20));
  await lake.refine();
  const whole = await madeIn(lake.store);
  for (const key of Object.keys(whole).filter((one) => one.includes('period=2022/'))) {
    await lake.store.remove(key);
    expect((await lake.periods()).recomputed).toEqual(['2022']);
    expect(await madeIn(lake.store)).toEqual(whole);
  }
  for (const text of ['', 'null', '{"series":', '[]', '{}']) {
    await lake.store.put(manifestKey(SERIES, '2022'), Buffer.from(text));
    expect((await lake.periods()).recomputed).toEqual(['2022']);
    expect(await madeIn(lake.store)).toEqual(whole);
  }
  for (const lost of [['ledger'], ['ledger', 'basis'], ['outputs', 'gaps'], ['outputs', 'gaps', 'sha256']]) {
    const manifest = (await manifestOf(lake, '2022')) as unknown as Record<string, never>;
    const parent = lost.slice(0, -1).reduce((of, name) => of[name]!, manifest);
    delete parent[lost.at(-1)!];
    await lake.store.put(manifestKey(SERIES, '2022'), Buffer.from(JSON.stringify(manifest)));
    expect((await lake.periods()).recomputed).toEqual(['2022']);
    expect(await madeIn(lake.store)).toEqual(whole);
  }
  await lake.store.put(tableKey('labels', SERIES, '2021'), Buffer.from('cut'));
  expect((await lake.periods()).recomputed).toEqual(['2021']);
  expect(await madeIn(lake.store)).toEqual(whole);
});

test('the shard of a damaged checkpoint is rebuilt, and all bytes are as without the damage', async () => {
  const late = page('12h', '2023-02-20T00:00Z', 1, { source: 'archive_daily' });
  const undisturbed = await lakeWith(Y2021, Y2022, inYear2023('01', 70), late);
  await undisturbed.refine();
  const [first, second] = ['2021', '2022'].map((period) => checkpointKey(SERIES, period)) as [string, string];
  const flipped = (whole: Uint8Array) => {
    const bytes = Uint8Array.from(whole);
    // In the engine's own bytes, which no header describes.
    bytes[bytes.length - 4]! ^= 1;
    return bytes;
  };
  for (const damaged of [flipped, (whole: Uint8Array) => whole.subarray(0, 200), () => new Uint8Array()]) {
    for (const keys of [[second], [first, second]]) {
      const lake = await lakeWith(Y2021, Y2022, inYear2023('01', 70));
      await lake.refine();
      const manifest = await lake.store.get(manifestKey(SERIES, '2022'));
      for (const key of keys) await lake.store.put(key, damaged((await lake.store.get(key))!));
      await lake.land(late);
      lake.store.forget();
      const made = keys.length === 1 ? ['2022', '2023'] : ['2021', '2022', '2023'];
      expect((await lake.periods()).recomputed).toEqual(made);
      expect(await madeIn(lake.store)).toEqual(await madeIn(undisturbed.store));
      // The same shard again is no other version of it. That of 2023 has another ledger now.
      expect(await lake.store.get(manifestKey(SERIES, '2022'))).toEqual(manifest);
      const prefix = versionsPrefix(SERIES, '2023');
      expect(lake.store.puts.filter((key) => key.startsWith('versions/'))).toEqual([
        expect.stringMatching(new RegExp(`^${prefix}[0-9a-f]{64}/gaps\\.parquet$`)),
        expect.stringMatching(new RegExp(`^${prefix}files/[0-9a-f]{64}\\.json$`)),
        expect.stringMatching(new RegExp(`^${prefix}[^/]+\\.json$`)),
      ]);
    }
  }
});

test('an output that is damaged without a change of size is made again once its shard is distrusted', async () => {
  const lake = await lakeWith(Y2021, Y2022);
  await lake.refine();
  const whole = await madeIn(lake.store);
  const key = tableKey('features', SERIES, '2021');
  const bytes = Uint8Array.from((await lake.store.get(key))!);
  bytes[1000]! ^= 1;
  await lake.store.put(key, bytes);
  expect((await lake.periods()).recomputed).toEqual([]);
  await voidManifest(lake.store, manifestKey(SERIES, '2021'));
  expect((await lake.periods()).recomputed).toEqual(['2021']);
  expect(await madeIn(lake.store)).toEqual(whole);
});

test('overtaken before its first manifest, it continues from what the other run made', async () => {
  const answers = [Y2021, Y2022, inYear2023('01', 20)];
  const undisturbed = await lakeWith(...answers);
  await undisturbed.refine();
  const lake = await lakeWith(...answers.slice(0, 2));
  let landed = false;
  const store: ObjectStore = {
    ...lake.store,
    async put(key, bytes, condition) {
      // Another run, which has listed more, finishes all shards before this one puts its manifest.
      if (!landed && key === manifestKey(SERIES, '2021')) {
        landed = true;
        await lake.land(answers[2]!);
        await lake.refine();
      }
      return lake.store.put(key, bytes, condition);
    },
  };
  const world = { store, clock: { nowMs: () => 0 }, codeHash: 'code 1', outOfTime: () => true, features: FEW_FEATURES };
  let result = await refine({ runId: 'slow', series: SERIES }, world);
  expect(result).toEqual({ ...result, done: false, cursor: '2022', made: ['2021'] });
  expect(result).not.toHaveProperty('remake');
  while (!result.done) result = await refine(result, world);
  expect(await madeIn(lake.store)).toEqual(await madeIn(undisturbed.store));
});

test('stopped for lack of time after every shard, it continues from the cursor to the same bytes', async () => {
  const answers = [Y2021, Y2022, inYear2023('01', 20)];
  const undisturbed = await lakeWith(...answers);
  await undisturbed.refine();
  const lake = await lakeWith(...answers);
  const outOfTime = () => true;
  const first = await lake.refine({ outOfTime });
  const counts = { shards: 1, recomputed: 1 };
  expect(first).toEqual({ runId: 'run', series: SERIES, done: false, cursor: '2022', made: ['2021'], ...counts });
  const second = await lake.refine({ outOfTime, after: first });
  expect(second).toMatchObject({ done: false, cursor: '2023', made: ['2021', '2022'], shards: 2, recomputed: 1 });
  expect(await lake.store.get(refineResultKey('run', SERIES))).toBeUndefined();
  const third = await lake.refine({ outOfTime, after: second });
  expect(third).toMatchObject({ done: true, shards: 3, recomputed: 1 });
  // What the run made, whichever invocation made it.
  expect((await lake.report()).shards.map(({ recomputed }) => recomputed)).toEqual([true, true, true]);
  expect(await madeIn(lake.store)).toEqual(await madeIn(undisturbed.store));
});
