import fc from 'fast-check';
import { landingMemoryKey } from '../../../lib/lake/keys.ts';
import type { Manifest, StreamManifest } from '../../../lib/lake/manifest/contract.ts';
import { readManifest } from '../../../lib/lake/manifest/manifest.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { listHistories, versionOf } from '../../../lib/lake/versions/shard-history.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { candleRows } from '../../support/candles.ts';
import type { SeriesAnswer } from '../../support/landing.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';
import {
  landAnswer,
  OPEN_INTEREST,
  oiRow,
  refineIn,
  rowsOf,
  STEP,
  streamLake,
  T0,
  tableHashes,
} from '../../support/stream-lake.ts';

const SERIES = btc('4h');
/** Two answers that overlap, with another value of each candle, and one of the year before beside them. */
const YEAR_BEFORE = page('4h', '2021-12-31T00:00Z', 6, { fetchedAtMs: 1 });
const A = (fetchedAtMs: number): SeriesAnswer => page('4h', '2022-01-01T00:00Z', 6, { fetchedAtMs });
const B = (fetchedAtMs: number): SeriesAnswer => ({
  source: 'rest',
  rows: candleRows('4h', '2022-01-01T08:00Z', 8, 2),
  fetchedAtMs,
});

/** Everything that refine makes of what landed in another lake, in one run. */
async function madeAtOnce({ store }: RefinedLake): Promise<Record<string, string>> {
  const fresh = memoryStore();
  for (const { key } of await store.list('landing/')) await fresh.put(key, (await store.get(key))!);
  const lake = refinedLake(SERIES, Object.assign(fresh, { puts: [], forget() {}, failAtPut() {} }));
  await lake.refine();
  return madeIn(fresh);
}

async function manifestOf(store: ObjectStore, period: string): Promise<Manifest> {
  return (await readManifest(store, SERIES, period))!;
}

/** Keys that are read meanwhile. */
async function keysRead(store: ObjectStore, work: () => Promise<unknown>): Promise<string[]> {
  const keys: string[] = [];
  const watched = store as { get: ObjectStore['get'] };
  const { get } = watched;
  watched.get = (key) => {
    keys.push(key);
    return get(key);
  };
  await work();
  watched.get = get;
  return keys;
}

async function lakeOf(...answers: readonly SeriesAnswer[]): Promise<RefinedLake> {
  const lake = refinedLake(SERIES);
  await lake.land(...answers);
  await lake.refine();
  return lake;
}

describe('an answer that lands again, byte for byte, after another one', () => {
  test('decides again: its shard is that of a lake made at once, and its version was revised', async () => {
    const lake = await lakeOf(YEAR_BEFORE, A(10), B(20));
    const [first, second] = [await manifestOf(lake.store, '2022'), await madeIn(lake.store)];
    await lake.land(A(30));
    // The labels of the year before look at the revised candles.
    expect((await lake.periods()).recomputed).toEqual(['2021', '2022']);
    const made = await madeIn(lake.store);
    expect(made).toEqual(await madeAtOnce(lake));
    expect(made[first.outputs.candles.key]).not.toBe(second[first.outputs.candles.key]);
    const { versions } = (await listHistories(lake.store)).find(({ period }) => period === '2022')!;
    const last = await versionOf(lake.store, versions.at(-1)!);
    expect(versions).toHaveLength(2);
    expect(last).toMatchObject({ reason: 'revised', revision: { changed: 4, added: 0, removed: 0 } });
    expect((await lake.periods()).recomputed).toEqual([]);
  });

  test('and the other one again: each time the newest decides', async () => {
    const lake = await lakeOf(A(10), B(20));
    for (const answer of [A(30), B(40), A(50), A(60)]) {
      await lake.land(answer);
      expect((await lake.periods()).recomputed).toEqual(['2022']);
      expect(await madeIn(lake.store)).toEqual(await madeAtOnce(lake));
    }
  });

  test('is in the manifest with its times; a manifest of answers that landed once has no times', async () => {
    const lake = await lakeOf(YEAR_BEFORE, A(10), B(20));
    const fields = async (period: string) => (await manifestOf(lake.store, period)).inputs.map(Object.keys);
    expect(await fields('2022')).toEqual([
      ['key', 'sha256'],
      ['key', 'sha256'],
    ]);
    await lake.land(A(30));
    await lake.refine();
    expect(await fields('2021')).toEqual([['key', 'sha256']]);
    const asOfMs = Date.UTC(2030, 0, 1);
    const [a, b] = (await manifestOf(lake.store, '2022')).inputs;
    expect(a!.again).toEqual({ fetchedAtMs: 30, asOfMs, earlierMs: [10] });
    expect(b!.again).toBeUndefined();
  });

  test('changes the evidence of a gap that it alone covers', async () => {
    const empty = (fetchedAtMs: number): SeriesAnswer => {
      const range = { fromMs: Date.parse('2023-03-01'), toMs: Date.parse('2023-03-02') };
      return { source: 'rest', rows: [], range, fetchedAtMs };
    };
    const lake = await lakeOf(A(10), empty(50));
    const before = (await manifestOf(lake.store, '2022')).ledger.basis;
    // Another run asked first, and its receipt came later.
    await lake.land(empty(40));
    expect((await lake.periods()).recomputed).toEqual(['2022']);
    expect((await manifestOf(lake.store, '2022')).ledger.basis).not.toBe(before);
    expect(await madeIn(lake.store)).toEqual(await madeAtOnce(lake));
  });
});

describe('receipts', () => {
  test('are not read if nothing landed; once, if the lake has forgotten what they say', async () => {
    const lake = await lakeOf(YEAR_BEFORE, A(10), B(20), A(30));
    const receipts = async () => {
      let recomputed: string[] = [];
      const keys = await keysRead(lake.store, async () => {
        ({ recomputed } = await lake.periods());
      });
      expect(recomputed).toEqual([]);
      return keys.filter((key) => key.endsWith('.receipt.json'));
    };
    expect(await receipts()).toEqual([]);
    await lake.store.put(landingMemoryKey(SERIES), Buffer.from('damaged'));
    expect(await receipts()).toHaveLength(3);
    expect(await receipts()).toEqual([]);
  });

  test('a memory of earlier code keeps what it knows', async () => {
    const lake = await lakeOf(A(10), B(20));
    const { again, ...old } = JSON.parse(Buffer.from((await lake.store.get(landingMemoryKey(SERIES)))!).toString());
    expect(Object.keys(again)).toEqual(['2022']);
    const newest = { '2022': 'versions/some/key.json' };
    await lake.store.put(landingMemoryKey(SERIES), Buffer.from(JSON.stringify({ ...old, newest })));
    const read = await keysRead(lake.store, () => lake.refine());
    expect(read.filter((key) => key.endsWith('.receipt.json'))).toHaveLength(2);
    const now = JSON.parse(Buffer.from((await lake.store.get(landingMemoryKey(SERIES)))!).toString());
    expect(now).toEqual({ ...old, newest, again });
  });

  test('one that is damaged stops the run, if the lake has forgotten what it says', async () => {
    const lake = await lakeOf(A(10), B(20));
    const [input] = (await manifestOf(lake.store, '2022')).inputs;
    const key = input!.key.replace('.json', '.receipt.json');
    await lake.store.put(key, Buffer.from('{}'));
    await lake.store.put(landingMemoryKey(SERIES), Buffer.from('damaged'));
    await expect(lake.refine()).rejects.toThrow(`${key} is not the receipt`);
  });
});

test('whatever lands again, whenever it is refined, the lake is that of one run', async () => {
  const answers = [
    YEAR_BEFORE,
    A(0),
    B(0),
    { source: 'rest', rows: candleRows('4h', '2021-12-31T16:00Z', 5, 3) },
    page('4h', '2022-01-01T00:00Z', 6, { source: 'archive_daily' }),
  ] as const satisfies readonly SeriesAnswer[];
  const step = fc.record({
    answer: fc.nat(answers.length - 1),
    earlier: fc.boolean(),
    after: fc.constantFrom('refine', 'forget and refine', 'nothing'),
  });
  let again = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 8 }), async (steps) => {
      const lake = refinedLake(SERIES);
      for (const [index, { answer, earlier, after }] of steps.entries()) {
        // A receipt of another run may come with an earlier time than those that are there.
        await lake.land({ ...answers[answer]!, fetchedAtMs: 100 + index - (earlier ? 20 : 0) });
        if (after === 'forget and refine') await lake.store.put(landingMemoryKey(SERIES), Buffer.from('damaged'));
        if (after !== 'nothing') await lake.refine();
      }
      await lake.refine();
      expect(await madeIn(lake.store)).toEqual(await madeAtOnce(lake));
      expect((await lake.periods()).recomputed).toEqual([]);
      const manifests = await Promise.all(['2021', '2022'].map((period) => readManifest(lake.store, SERIES, period)));
      if (manifests.some((manifest) => manifest?.inputs.some((input) => input.again))) again++;
    }),
    { numRuns: 15 },
  );
  expect(again).toBeGreaterThan(3);
}, 60_000);

describe('a stream', () => {
  const range = { fromMs: T0, toMs: T0 + 3 * STEP };
  const body = (amount: number) => JSON.stringify([0, 1, 2].map((row) => oiRow(T0 + row * STEP, amount)));
  const answer = (amount: number, fetchedAtMs: number) => {
    return { stream: OPEN_INTEREST, source: 'rest' as const, range, body: body(amount), fetchedAtMs };
  };
  const amounts = async (lake: ReturnType<typeof streamLake>) => {
    return (await rowsOf(lake, 'open_interest')).map((row) => row['sum_open_interest']);
  };
  const manifestIn = (lake: ObjectStore) => readManifest(lake, OPEN_INTEREST, '2024-01') as Promise<StreamManifest>;

  test('takes the answer that landed again last, and its manifest has the times', async () => {
    const lake = streamLake();
    for (const one of [answer(1, 10), answer(2, 20)]) await landAnswer(lake, one);
    await refineIn(lake, OPEN_INTEREST);
    expect(await amounts(lake)).toEqual([2, 2, 2]);
    expect((await manifestIn(lake)).again).toBeUndefined();
    await landAnswer(lake, answer(1, 30));
    expect((await refineIn(lake, OPEN_INTEREST)).recomputed).toBe(1);
    expect(await amounts(lake)).toEqual([1, 1, 1]);
    const { inputs, again } = await manifestIn(lake);
    expect(inputs).toHaveLength(2);
    expect(Object.values(again!)).toEqual([{ fetchedAtMs: 30, asOfMs: Date.UTC(2030, 0, 1), earlierMs: [10] }]);
    expect((await refineIn(lake, OPEN_INTEREST)).recomputed).toBe(0);
    const fresh = streamLake();
    for (const one of [answer(2, 20), answer(1, 10), answer(1, 30)]) await landAnswer(fresh, one);
    await refineIn(fresh, OPEN_INTEREST);
    expect(tableHashes(lake)).toEqual(tableHashes(fresh));
  });
});
