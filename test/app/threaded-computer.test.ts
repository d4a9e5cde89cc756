import { threadedComputer } from '../../lib/app/threaded-computer.ts';
import { emptyLabelMemory } from '../../lib/labels/label-memory.ts';
import { refine } from '../../lib/lake/refine/refine.ts';
import type { ShardComputer } from '../../lib/lake/refine/shard-computer.ts';
import { sampleCandles } from '../support/candles.ts';
import { btc, page, refinedLake } from '../support/refined-lake.ts';
import { madeIn, type WatchedStore, watchedStore } from '../support/store.ts';

const SERIES = btc('15m');
const YEARS = ['2022', '2023', '2024', '2025'] as const;
/** Two days around each turn of a year. */
const PAGES = YEARS.slice(0, -1).map((year) => page('15m', `${year}-12-31`, 192));
const CANDLES = sampleCandles('15m', 20);
const INPUT = {
  series: SERIES,
  shard: { candles: CANDLES, source: new Uint8Array(CANDLES.length) },
  chain: '',
  previousOpenTimeMs: Number.NaN,
  following: sampleCandles('15m', 0),
  gaps: [],
};

/** Starting a thread that reads TypeScript takes seconds on a busy machine. */
const TIMEOUT_MS = 120_000;

/** A store with candles that have landed. */
async function landedStore(): Promise<WatchedStore> {
  const store = watchedStore();
  await refinedLake(SERIES, store).land(...PAGES);
  store.forget();
  return store;
}

function refineWith(store: WatchedStore, openComputer?: () => ShardComputer): Promise<unknown> {
  const context = { store, clock: { nowMs: () => 0 }, codeHash: 'code', outOfTime: () => false };
  return refine({ runId: 'run', series: SERIES }, { ...context, ...(openComputer && { openComputer }) });
}

describe('a computer in a thread of its own', () => {
  test(
    'makes a lake of the same bytes',
    async () => {
      const [here, there] = [await landedStore(), await landedStore()];
      await refineWith(here);
      await refineWith(there, () => threadedComputer('15m'));
      const made = await madeIn(there);
      expect(Object.keys(made).filter((key) => key.startsWith('features/'))).toHaveLength(YEARS.length);
      expect(made).toEqual(await madeIn(here));
    },
    TIMEOUT_MS,
  );

  test(
    'ends the run if an object cannot be stored',
    async () => {
      const store = await landedStore();
      store.failAtPut(9);
      await expect(refineWith(store, () => threadedComputer('15m'))).rejects.toThrow('no space left on device');
    },
    TIMEOUT_MS,
  );

  test(
    'passes an error on with its name, and works on',
    async () => {
      const computer = threadedComputer('15m');
      const wrong = { engine: new Uint8Array(8), labels: emptyLabelMemory() };
      await expect(computer.compute(INPUT, wrong)).rejects.toMatchObject({ name: 'UnexpectedFormat' });
      expect((await computer.compute(INPUT, 'beginning')).tables.candles.rows).toBe(CANDLES.length);
      await computer.close();
    },
    TIMEOUT_MS,
  );

  test(
    'fails a shard whose thread ends',
    async () => {
      const computer = threadedComputer('15m');
      const computed = computer.compute(INPUT, 'beginning');
      await Promise.all([expect(computed).rejects.toThrow(/terminat/i), computer.close()]);
    },
    TIMEOUT_MS,
  );
});
