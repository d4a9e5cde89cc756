import { createHttp } from '../../lib/adapters/http.ts';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import type { Exchange } from '../../lib/exchange/simulated/exchange.ts';
import { exchangeUrls } from '../../lib/exchange/simulated/exchange-urls.ts';
import type { RunReport } from '../../lib/lake/catalogue/contract.ts';
import { runKey } from '../../lib/lake/keys.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { PlanRequest } from '../../lib/lake/plan/contract.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { testClock } from './clock.ts';
import { candleValues } from './parquet.ts';
import { type StagesWorld, stagesOf } from './stages.ts';

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

const definition = workflowDefinition();

export interface WorkflowLakeOptions extends Pick<StagesWorld, 'outOfTime' | 'features'> {
  /** The lake as runs before left it; empty if absent. */
  readonly store?: MemoryStore;
}

/** Returns a lake whose runs ask the exchange that is there when they start. */
export function workflowLake(
  exchangeOf: () => Exchange,
  { store = memoryStore(), ...options }: WorkflowLakeOptions = {},
): WorkflowLake {
  let runs = [...store.objects.keys()].filter((key) => /^runs\/[^/]+\/report\.json$/.test(key)).length;
  let asked: string[] = [];

  async function run(request: PlanRequest): Promise<RunReport> {
    const exchange = exchangeOf();
    const clock = testClock(exchange.nowMs());
    const http = createHttp({ timeoutMs: 5_000 });
    const urls = exchangeUrls(exchange.url);
    const runId = `r${++runs}`;
    exchange.requests.length = 0;
    const outcome = await runWorkflow({
      definition,
      input: request,
      runId,
      store,
      waitScale: 0,
      tasks: stagesOf({ store, http, clock, urls, ...options }),
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
