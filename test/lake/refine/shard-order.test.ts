import type { Period } from '../../../lib/domain/period.ts';
import { manifestKey, tableKey } from '../../../lib/lake/keys.ts';
import { refine } from '../../../lib/lake/refine/refine.ts';
import { shardComputer } from '../../../lib/lake/refine/shard-computer.ts';
import { FEW_FEATURES } from '../../support/few-features.ts';
import { btc, page, refinedLake } from '../../support/refined-lake.ts';
import { madeIn, watchedStore } from '../../support/store.ts';

const SERIES = btc('15m');
const YEARS = ['2022', '2023', '2024', '2025'] as Period[];
/** Two days around each turn of a year. */
const PAGES = YEARS.slice(0, -1).map((year) => page('15m', `${year}-12-31`, 192));

test('a slow store gets shards whole and one after another, and at most one is computed ahead', async () => {
  const store = watchedStore();
  await refinedLake(SERIES, store).land(...PAGES);
  const events: string[] = [];
  let computed = 0;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const slow = {
    ...store,
    /** Holds the first features back until the second shard is computed and the third had time to be. */
    async put(key: string, bytes: Uint8Array, condition?: { tag: string | undefined }) {
      const isFirst = key === tableKey('features', SERIES, YEARS[0]!);
      for (let turns = 0; isFirst && (computed < 2 || turns < 1_000); turns++) await turn();
      events.push(key);
      return store.put(key, bytes, condition);
    },
  };
  await refine(
    { runId: 'run', series: SERIES },
    {
      store: slow,
      clock: { nowMs: () => 0 },
      codeHash: 'code',
      outOfTime: () => false,
      openComputer() {
        const computer = shardComputer('15m', FEW_FEATURES);
        return {
          ...computer,
          async compute(...given) {
            const refined = await computer.compute(...given);
            events.push(`computed ${++computed}`);
            return refined;
          },
        };
      },
    },
  );
  const plain = refinedLake(SERIES);
  await plain.land(...PAGES);
  await plain.refine({ codeHash: 'code' });
  expect(await madeIn(store)).toEqual(await madeIn(plain.store));
  const at = (event: string) => events.indexOf(event);
  for (const [index, year] of YEARS.entries()) {
    expect(at(`computed ${index + 1}`)).toBeGreaterThanOrEqual(0);
    if (index > 0)
      expect(at(tableKey('candles', SERIES, year))).toBeGreaterThan(at(manifestKey(SERIES, YEARS[index - 1]!)));
    if (index > 1) expect(at(`computed ${index + 1}`)).toBeGreaterThan(at(manifestKey(SERIES, YEARS[index - 2]!)));
  }
});
