import { systemClock } from '../adapters/clock.ts';
import { type Environment, readEnvironment } from '../adapters/environment.ts';
import { codeHashes } from '../adapters/local/code-hash.ts';
import { type ChosenExchange, chooseExchange } from '../app/choose-exchange.ts';
import { assertWritable, openCatalogue, openQueryEngine, openStore, tidyLake } from '../app/open-lake.ts';
import { createRefinePool } from '../app/refine-pool.ts';
import { newRunId } from '../app/run-id.ts';
import { wantedExchange } from '../app/wanted-exchange.ts';
import { workflowDefinition } from '../app/workflow-definition.ts';
import { DEFAULT_WATCH_LIST } from '../domain/watch-list.ts';
import { weightGovernor } from '../exchange/binance/weight-governor.ts';
import { catalogue } from '../lake/catalogue/catalogue.ts';
import type { RunReport } from '../lake/catalogue/contract.ts';
import type { FetchInput, StreamFetchInput } from '../lake/fetch/contract.ts';
import { fetchBatch } from '../lake/fetch/fetch-batch.ts';
import { runKey } from '../lake/keys.ts';
import type { PlanHolesInput, PlanInput } from '../lake/plan/contract.ts';
import { plan } from '../lake/plan/plan.ts';
import { parseRequest } from '../lake/plan/plan-request.ts';
import { REFINE_ITEM } from '../lake/refine/contract.ts';
import { isUpToDate, refine } from '../lake/refine/refine.ts';
import { runWorkflow, type WorkflowOutcome } from '../workflow/run-workflow.ts';
import { keepOptions } from './lake-command.ts';
import { type LakeOptions, requestOf } from './lake-options.ts';
import { newestRowsText } from './newest-rows.ts';
import { createProgress, type Progress } from './progress.ts';
import { reportText } from './report-text.ts';
import { type Terminal, widthOf } from './terminal.ts';

export interface RunOptions extends LakeOptions {
  readonly concurrency?: number;
  readonly show?: boolean;
}

/** `lake run`: the whole workflow, in this process, by the definition that AWS runs. Exit code 0 complete, 1 incomplete. */
export async function runCommand(options: RunOptions, terminal: Terminal): Promise<number> {
  const startedMs = performance.now();
  const environment = readEnvironment(terminal.variables);
  // What is wrong with the words is said before anybody is asked anything.
  parseRequest(requestOf(options, options.market ?? 'um'), DEFAULT_WATCH_LIST);
  const lake = options.lake ?? environment.lake;
  assertWritable(lake);
  const exchange = await chooseExchange(environment, wantedExchange('run', options, lake));
  try {
    const progress = createProgress(terminal.err, options.json === true);
    if (exchange.notice) progress.say(exchange.notice);
    const report = await runLake(options, { ...environment, lake }, exchange, progress);
    progress.stop();
    const seconds = (performance.now() - startedMs) / 1000;
    const archiveOnlyCommand = keepOptions('npx lake run --archive-only', { ...options });
    terminal.out.write(
      options.json ? `${JSON.stringify(report)}\n` : reportText(report, { lake, seconds, archiveOnlyCommand }),
    );
    if (options.show && !options.json) {
      const engine = await openQueryEngine(lake, environment.lakeName);
      terminal.out.write(await newestRowsText(report, engine, widthOf(terminal.out), { ...options }));
      await engine.close();
    }
    return report.complete ? 0 : 1;
  } finally {
    await exchange.close();
  }
}

async function runLake(
  options: RunOptions,
  { lake, lakeName, apiKey, nowMs }: Environment,
  exchange: ChosenExchange,
  progress: Progress,
): Promise<RunReport> {
  const { http, clock, clockFixed, urls, market } = exchange;
  const [store, sqlCatalogue] = await Promise.all([openStore(lake), openCatalogue(lake, lakeName)]);
  const codes = codeHashes();
  const runId = newRunId(Date.now());
  const pool = createRefinePool(lake, codes, options.concurrency, nowMs);
  const onRetry = progress.retrying;
  const planWorld = {
    store,
    http,
    clock,
    urls,
    onRetry,
    clockFixed,
    defaults: DEFAULT_WATCH_LIST,
    budgetUsd: options.maxUsd,
  };
  // One governor for all batches: the exchange counts what this address asks, not what a batch asks.
  const fetchWorld = { store, http, clock, urls, onRetry, governor: weightGovernor(clock), ...(apiKey && { apiKey }) };
  try {
    const outcome = await runWorkflow({
      definition: workflowDefinition(),
      input: requestOf(options, market),
      runId,
      store,
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      onEvent: ({ state, done, total, failed }) => progress.report(state, done, total, failed),
      onRetry: (_, retry) => progress.retrying(retry),
      tasks: {
        plan: async (event) => {
          const result = await plan(event as PlanInput | PlanHolesInput, planWorld);
          await tidyLake(lake);
          return result;
        },
        fetch: (event) => fetchBatch(event as FetchInput | StreamFetchInput, fetchWorld),
        // A series with nothing to do needs no thread.
        refine: async (event) => {
          const input = REFINE_ITEM.parse(event);
          if ('stream' in input) return pool.run(input);
          const world = { store, clock: systemClock(nowMs), codeHash: codes.candles, outOfTime: () => false };
          return (await isUpToDate(input.series, world)) ? refine(input, world) : pool.run(input);
        },
        catalogue: (event) => catalogue(event as { runId: string }, { store, catalogue: sqlCatalogue, clock }),
      },
    });
    const report = await store.get(runKey(runId, 'report.json'));
    if (!report) throw failureOf(outcome);
    return JSON.parse(Buffer.from(report).toString('utf8')) as RunReport;
  } finally {
    await pool.close();
  }
}

/** A run that ended before it could report: what a task threw, or else what the state machine says. */
function failureOf(outcome: WorkflowOutcome): Error {
  if (outcome.status === 'SUCCEEDED') return new Error('run ended without a report');
  if (outcome.thrown instanceof Error) return outcome.thrown;
  return Object.assign(new Error(outcome.cause), { name: outcome.error });
}
