import { createHttp } from '../../lib/adapters/http.ts';
import { DEFAULT_WATCH_LIST } from '../../lib/domain/watch-list.ts';
import { weightGovernor } from '../../lib/exchange/binance/weight-governor.ts';
import type { Exchange } from '../../lib/exchange/simulated/exchange.ts';
import { exchangeUrls } from '../../lib/exchange/simulated/exchange-urls.ts';
import { catalogue } from '../../lib/lake/catalogue/catalogue.ts';
import type { CatalogueInput, RunReport } from '../../lib/lake/catalogue/contract.ts';
import type { FetchInput, StreamFetchInput } from '../../lib/lake/fetch/contract.ts';
import { fetchBatch } from '../../lib/lake/fetch/fetch-batch.ts';
import { runKey } from '../../lib/lake/keys.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { PlanHolesInput, PlanInput, PlanRequest } from '../../lib/lake/plan/contract.ts';
import { plan } from '../../lib/lake/plan/plan.ts';
import type { RefineInput, RefineStreamInput } from '../../lib/lake/refine/contract.ts';
import { refineItem } from '../../lib/lake/refine/refine-item.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { candleValues } from './lake-watch.ts';
import { synthesisedDefinition } from './synthesised-definition.ts';
import { testClock } from './test-clock.ts';

const codeHashes = { candles: 'code', streams: 'code of streams' };

/** A lake in memory that whole runs of the synthesised state machine work on, in this process. */
export interface WorkflowLake {
  readonly store: MemoryStore;
  /** Runs once, at the exchange's time. */
  run(request: PlanRequest): Promise<RunReport>;
  /** Candles by `market=…/symbol=…/interval=… <open time>`, their values as one text. */
  candles(): Promise<Map<string, string>>;
  /** Objects whose key contains the text, as JSON. */
  json<T>(part: string): T[];
  /** Requests of the last run whose path contains the text. */
  asked(part: string): string[];
  /** Archive files that the last run asked for, not their checksums. */
  zipsAsked(): string[];
}

let definition: Record<string, unknown> | undefined;

/** @param outOfTime tells a refine stage to stop behind its next shard; the state machine has it go on from there */
export function workflowLake(exchangeOf: () => Exchange, outOfTime = () => false): WorkflowLake {
  const store = memoryStore();
  let runs = 0;
  let asked: string[] = [];

  async function run(request: PlanRequest): Promise<RunReport> {
    const exchange = exchangeOf();
    const clock = testClock(exchange.nowMs());
    const http = createHttp({ timeoutMs: 5_000 });
    const urls = exchangeUrls(exchange.url);
    const runId = `r${++runs}`;
    const governor = weightGovernor(clock);
    definition ??= synthesisedDefinition();
    exchange.requests.length = 0;
    const outcome = await runWorkflow({
      definition,
      input: request,
      runId,
      store,
      waitScale: 0,
      tasks: {
        plan: (event) =>
          plan(event as PlanInput | PlanHolesInput, { store, http, clock, urls, defaults: DEFAULT_WATCH_LIST }),
        fetch: (event) => fetchBatch(event as FetchInput | StreamFetchInput, { store, http, clock, urls, governor }),
        refine: (event) =>
          refineItem(event as RefineInput | RefineStreamInput, { store, clock, codeHashes, outOfTime }),
        catalogue: (event) =>
          catalogue(event as CatalogueInput, { store, clock, catalogue: { addPartitions: async () => 0 } }),
      },
    });
    asked = exchange.requests.map(({ path }) => path);
    const report = store.objects.get(runKey(runId, 'report.json'));
    if (!report) throw new Error(`run ended ${outcome.status} without a report: ${JSON.stringify(outcome)}`);
    return JSON.parse(Buffer.from(report).toString()) as RunReport;
  }

  return {
    store,
    run,
    candles: () => candleValues(store),
    json<T>(part: string) {
      const found = [...store.objects].filter(([key]) => key.includes(part));
      return found.map(([, bytes]) => JSON.parse(Buffer.from(bytes).toString()) as T);
    },
    asked: (part) => asked.filter((path) => path.includes(part)),
    zipsAsked: () => asked.filter((path) => path.endsWith('.zip')),
  };
}
