import { manifestKey, tableKey } from '../../../lib/lake/keys.ts';
import { decodeClaims } from '../../../lib/lake/manifest/claim.ts';
import { readManifest } from '../../../lib/lake/manifest/manifest.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn } from '../../support/store.ts';

const BEFORE = [page('12h', '2021-12-25T00:00Z', 14), page('12h', '2022-12-20T00:00Z', 24)];
/** A restatement in the first year, which goes through to the last, and a year that was not there. */
const NEWS = [
  page('12h', '2023-01-01T00:00Z', 12),
  {
    source: 'archive_daily',
    // It closes at its low.
    rows: page('12h', '2021-12-27T00:00Z', 1).rows.map((row) => row.split(',').with(4, row.split(',')[3]!).join(',')),
  },
] as const;

async function lakeBefore(): Promise<RefinedLake> {
  const lake = refinedLake(btc('12h'));
  await lake.land(...BEFORE);
  await lake.refine();
  return lake;
}

let undisturbed: Record<string, string>;
let putCount: number;
beforeAll(async () => {
  const lake = refinedLake(btc('12h'));
  await lake.land(...BEFORE, ...NEWS);
  await lake.refine();
  undisturbed = await madeIn(lake.store);
  const updated = await lakeBefore();
  await updated.land(...NEWS);
  updated.store.forget();
  await updated.refine();
  putCount = updated.store.puts.length;
  expect(await madeIn(updated.store)).toEqual(undisturbed);
});

test('a store that fails at any put leaves a lake that the next refine completes to the same bytes', async () => {
  // Three shards of six objects and a version, four tables kept, two shards claimed first; a list of files, what refine
  // remembers of the landed objects, and the report.
  expect(putCount).toBe(3 * 7 + 4 + 2 + 3);
  for (let put = 1; put <= putCount; put++) {
    const lake = await lakeBefore();
    await lake.land(...NEWS);
    lake.store.failAtPut(put);
    await expect(lake.refine()).rejects.toThrow('no space left on device');
    lake.store.failAtPut(undefined);
    expect(await lake.refine()).toMatchObject({ done: true });
    expect(await madeIn(lake.store)).toEqual(undisturbed);
  }
});

test('failing at the same put again and again, one later each time, it still gets there', async () => {
  const lake = await lakeBefore();
  await lake.land(...NEWS);
  let done = false;
  for (let put = 1; !done; put++) {
    lake.store.failAtPut(put);
    // What stopped half-way is taken up by other code and then by this one again.
    if (put % 5 === 0) await lake.refine({ codeHash: 'code 2' }).catch(() => {});
    lake.store.failAtPut(put);
    done = await lake.refine().then(
      () => true,
      () => false,
    );
    expect(put).toBeLessThan(40);
  }
  lake.store.failAtPut(undefined);
  expect(await madeIn(lake.store)).toEqual(undisturbed);
});

test('no manifest is valid while its tables are half replaced', async () => {
  const lake = await lakeBefore();
  const before = await madeIn(lake.store);
  await lake.land(...NEWS);
  // Three tables are kept, the shard is claimed, checkpoint and candles are put.
  lake.store.failAtPut(7);
  await expect(lake.refine()).rejects.toThrow('no space left');
  const after = await madeIn(lake.store);
  const [candles, labels] = (['candles', 'labels'] as const).map((table) => tableKey(table, lake.series, '2021'));
  expect(after[candles!]).not.toBe(before[candles!]);
  expect(after[labels!]).toBe(before[labels!]);
  expect(await readManifest(lake.store, lake.series, '2021')).toBeUndefined();
  const claims = decodeClaims(await lake.store.get(manifestKey(lake.series, '2021')));
  expect(claims).toMatchObject([{ runId: 'run', objects: Array(5).fill({ replaces: expect.any(String) }) }]);
});
