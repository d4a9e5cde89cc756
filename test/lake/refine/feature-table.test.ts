import { featuresSchema } from '../../../lib/features/schema.ts';
import { readVersionTable } from '../../../lib/lake/as-of/version-table.ts';
import { tableKey, versionsPrefix } from '../../../lib/lake/keys.ts';
import { refine } from '../../../lib/lake/refine/refine.ts';
import { listHistories, versionOf } from '../../../lib/lake/versions/shard-history.ts';
import { readTable } from '../../../lib/parquet/read-table.ts';
import { FEW_FEATURES } from '../../support/few-features.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';

const SERIES = btc('12h');
const PERIOD = '2022';

async function refineFew({ store }: RefinedLake): Promise<void> {
  const world = { store, clock: { nowMs: () => Date.UTC(2030, 0, 1) }, codeHash: 'code 1', outOfTime: () => false };
  await refine({ runId: 'run', series: SERIES }, { ...world, features: FEW_FEATURES });
}

async function lakeOf(refineAll: (lake: RefinedLake) => Promise<unknown>): Promise<RefinedLake> {
  const lake = refinedLake(SERIES);
  await lake.land(page('12h', '2021-12-01T00:00Z', 162));
  await refineAll(lake);
  return lake;
}

const bytesOf = async ({ store }: RefinedLake, table: 'candles' | 'features' | 'labels' | 'gaps') =>
  (await store.get(tableKey(table, SERIES, PERIOD)))!;

test('refine computes the feature table that it is given, and the other tables do not depend on it', async () => {
  const few = await lakeOf(refineFew);
  const whole = await lakeOf((lake) => lake.refine());
  const table = await readTable(await bytesOf(few, 'features'));
  expect(table.columnSchemas).toEqual(featuresSchema(FEW_FEATURES).columns);
  const all = await readTable(await bytesOf(whole, 'features'));
  for (const [name, values] of table.columns) expect(all.columns.get(name)).toEqual(values);
  for (const name of ['candles', 'labels', 'gaps'] as const) {
    expect(await bytesOf(few, name)).toEqual(await bytesOf(whole, name));
  }
});

test('an earlier version of any feature table is cut out of the later table that grew from it', async () => {
  const lake = await lakeOf(refineFew);
  const before = await bytesOf(lake, 'features');
  await lake.land(page('12h', '2022-02-21T00:00Z', 10));
  await refineFew(lake);
  expect(await bytesOf(lake, 'features')).not.toEqual(before);
  const [history] = await listHistories(lake.store, versionsPrefix(SERIES, PERIOD));
  const version = await versionOf(lake.store, history!.versions[0]!);
  // Other code cannot rebuild the version, so the bytes come out of the table in place.
  const cut = await readVersionTable(lake.store, { history: history!, index: 0, version }, 'features', 'other code');
  expect(cut).toEqual(before);
});
