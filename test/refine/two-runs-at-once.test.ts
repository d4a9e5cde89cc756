import type { PutCondition } from '../../lib/ports.ts';
import { refine } from '../../lib/refine/refine.ts';
import { btc, page, refinedLake } from './refined-lake.ts';
import { madeIn } from './watched-store.ts';

const SERIES = btc('12h');
const EARLY = [page('12h', '2021-12-25T00:00Z', 14), page('12h', '2022-12-20T00:00Z', 24)];
/** More of a year that is there, and a year that is not. */
const LATE = [page('12h', '2022-01-05T00:00Z', 10), page('12h', '2023-01-01T00:00Z', 12)];

const world = { clock: { nowMs: () => 0 }, codeHash: 'code 1', outOfTime: () => false };

test('a run that is overtaken at any put, by one that knows of more, leaves what the better one made', async () => {
  const undisturbed = refinedLake(SERIES);
  await undisturbed.land(...EARLY, ...LATE);
  await undisturbed.refine();
  const want = await madeIn(undisturbed.store);

  let puts = 0;
  for (let overtakenAt = 1, overtaken = true; overtaken; overtakenAt++) {
    const lake = refinedLake(SERIES);
    await lake.land(...EARLY);
    overtaken = false;
    puts = 0;
    const slow = {
      ...lake.store,
      async put(key: string, bytes: Uint8Array, condition?: PutCondition) {
        if (++puts === overtakenAt && !key.startsWith('runs/')) {
          overtaken = true;
          await lake.land(...LATE);
          expect(await refine({ runId: 'better', series: SERIES }, { store: lake.store, ...world })).toMatchObject({
            done: true,
          });
        }
        return lake.store.put(key, bytes, condition);
      },
    };
    expect(await refine({ runId: 'slow', series: SERIES }, { store: slow, ...world })).toMatchObject({ done: true });
    if (overtaken) expect(await madeIn(lake.store)).toEqual(want);
  }
  // Two shards of six objects and a version, and the report, at which nothing is overtaken any more.
  expect(puts).toBe(2 * 7 + 1);
});
