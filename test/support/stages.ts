import { DEFAULT_WATCH_LIST, type WatchList } from '../../lib/domain/watch-list.ts';
import type { RequestGovernor } from '../../lib/exchange/access.ts';
import type { ExchangeUrls } from '../../lib/exchange/markets.ts';
import { requestGovernor } from '../../lib/exchange/request-governor.ts';
import type { FeatureRow } from '../../lib/features/feature-row.ts';
import type { RunStage } from '../../lib/infra/access.ts';
import { catalogue } from '../../lib/lake/catalogue/catalogue.ts';
import type { CatalogueInput } from '../../lib/lake/catalogue/contract.ts';
import type { FetchInput } from '../../lib/lake/fetch/contract.ts';
import { fetchBatch } from '../../lib/lake/fetch/fetch-batch.ts';
import type { Plan, PlanHolesInput, PlanInput } from '../../lib/lake/plan/contract.ts';
import { plan } from '../../lib/lake/plan/plan.ts';
import type { RefineInput, RefineStreamInput } from '../../lib/lake/refine/contract.ts';
import { refineItem } from '../../lib/lake/refine/refine-item.ts';
import type { Catalogue, Clock, Http, ObjectStore } from '../../lib/ports.ts';
import { FEW_FEATURES } from './few-features.ts';

/** The surroundings of the stages of a run. */
export interface StagesWorld {
  /** The lake, or the lake as each stage may see it. */
  readonly store: ObjectStore | ((stage: RunStage) => ObjectStore);
  readonly http: Http;
  readonly clock: Clock;
  readonly urls: ExchangeUrls;
  readonly clockFixed?: boolean;
  readonly governor?: RequestGovernor;
  readonly defaults?: WatchList;
  /** Of candles and of streams. */
  readonly codeHash?: string;
  /** Few features if absent, because few tests of whole runs are about features. */
  readonly features?: readonly FeatureRow[];
  /** True if a refine stage must stop after its next shard. The state machine then calls it again. */
  readonly outOfTime?: () => boolean;
  readonly tables?: Catalogue;
  readonly onPlan?: (plan: Plan) => void;
}

/** Returns the four stages of a run as the tasks of its state machine. */
export function stagesOf(world: StagesWorld): Record<RunStage, (event: unknown) => Promise<unknown>> {
  const { http, clock, urls, clockFixed = false, onPlan = () => {} } = world;
  const { defaults = DEFAULT_WATCH_LIST, codeHash = 'code', outOfTime = () => false } = world;
  const { features = FEW_FEATURES, tables = { addPartitions: async () => 0 } } = world;
  const governor = world.governor ?? requestGovernor(clock);
  const storeOf = (stage: RunStage) => (typeof world.store === 'function' ? world.store(stage) : world.store);
  return {
    plan: (event) =>
      plan(event as PlanInput | PlanHolesInput, {
        store: storeOf('plan'),
        http,
        clock,
        urls,
        governor,
        clockFixed,
        defaults,
        onPlan,
      }),
    fetch: (event) => fetchBatch(event as FetchInput, { store: storeOf('fetch'), http, clock, urls, governor }),
    refine: (event) =>
      refineItem(event as RefineInput | RefineStreamInput, {
        store: storeOf('refine'),
        clock,
        codeHashes: { candles: codeHash, streams: codeHash },
        outOfTime,
        features,
      }),
    catalogue: (event) => catalogue(event as CatalogueInput, { store: storeOf('catalogue'), clock, catalogue: tables }),
  };
}
