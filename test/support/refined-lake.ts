import type { Interval } from '../../lib/domain/interval.ts';
import type { Series } from '../../lib/domain/series.ts';
import type { FeatureRow } from '../../lib/features/feature-row.ts';
import { TABLE } from '../../lib/features/table.ts';
import { refineResultKey } from '../../lib/lake/keys.ts';
import type { RefineResult, SeriesReport } from '../../lib/lake/refine/contract.ts';
import { refine } from '../../lib/lake/refine/refine.ts';
import { candleRows } from './candles.ts';
import { FEW_FEATURES } from './few-features.ts';
import { type LandedObject, landAll, landedObject, type SeriesAnswer } from './landing.ts';
import { type WatchedStore, watchedFolder, watchedStore } from './store.ts';

/** A lake of one series, to land answers in and to refine. */
export interface RefinedLake {
  readonly store: WatchedStore;
  readonly series: Series;
  land(...answers: readonly SeriesAnswer[]): Promise<void>;
  landObjects(objects: readonly LandedObject[]): Promise<void>;
  refine(options?: {
    readonly codeHash?: string;
    readonly outOfTime?: () => boolean;
    /** The result of an invocation that this one continues, as the state machine does. */
    readonly after?: RefineResult;
    readonly runId?: string;
    /** The instant of publication; by default a second after the one before. */
    readonly nowMs?: number;
  }): Promise<RefineResult>;
  /** Refines. Returns every period, and those that were recomputed. */
  periods(options?: { readonly codeHash?: string }): Promise<{ all: string[]; recomputed: string[] }>;
  report(): Promise<SeriesReport>;
}

/**
 * @param store in memory if absent
 * @param features few features if absent, because few tests of refine are about features
 */
export function refinedLake(
  series: Series,
  store = watchedStore(),
  features: readonly FeatureRow[] = FEW_FEATURES,
): RefinedLake {
  let time = Date.UTC(2030, 0, 1);
  const lake: RefinedLake = {
    store,
    series,
    async land(...answers) {
      await landAll(store, await Promise.all(answers.map((answer) => landedObject({ series, ...answer }))));
    },
    landObjects: (objects) => landAll(store, objects),
    async refine({ codeHash = 'code 1', outOfTime = () => false, after, runId = 'run', nowMs } = {}) {
      const input = after ?? { runId, series };
      time += 1000;
      const publishedAtMs = nowMs ?? time;
      return refine(input, { store, clock: { nowMs: () => publishedAtMs }, codeHash, outOfTime, features });
    },
    async periods(options) {
      await lake.refine(options);
      const { shards } = await lake.report();
      return {
        all: shards.map(({ period }) => period),
        recomputed: shards.filter(({ recomputed }) => recomputed).map(({ period }) => period),
      };
    },
    async report() {
      return JSON.parse(Buffer.from((await store.get(refineResultKey('run', series)))!).toString()) as SeriesReport;
    },
  };
  return lake;
}

/** Returns a lake in a folder whose shards have every feature, as those of data sets and rebuilt versions have. */
export function lakeOfEveryFeature(series: Series, store = watchedFolder()): RefinedLake {
  return refinedLake(series, store, TABLE);
}

export const btc = (interval: Interval): Series => ({ market: 'um', symbol: 'BTCUSDT', interval });

/** A REST answer of `count` candles from an instant on. */
export function page(interval: Interval, from: string, count: number, more: Partial<SeriesAnswer> = {}) {
  const { source = 'rest', ...rest } = more;
  return { source, rows: candleRows(interval, from, count), ...rest } satisfies SeriesAnswer;
}
