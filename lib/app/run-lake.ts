import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { systemClock } from '../adapters/clock.ts';
import type { Environment } from '../adapters/environment.ts';
import { codeHashes } from '../adapters/local/code-hash.ts';
import { DEFAULT_WATCH_LIST } from '../domain/watch-list.ts';
import { catalogue } from '../lake/catalogue/catalogue.ts';
import type { RunReport } from '../lake/catalogue/contract.ts';
import type { FetchInput } from '../lake/fetch/contract.ts';
import { fetchBatch } from '../lake/fetch/fetch-batch.ts';
import { runKey } from '../lake/keys.ts';
import type { PlanHolesInput, PlanInput, PlanTotals } from '../lake/plan/contract.ts';
import { plan } from '../lake/plan/plan.ts';
import { REFINE_ITEM } from '../lake/refine/contract.ts';
import { isUpToDate, refine } from '../lake/refine/refine.ts';
import type { ObjectStore, OnRetry, Retry } from '../ports.ts';
import type { RunStep } from '../workflow/run-steps.ts';
import { runWorkflow, type Tasks, type WorkflowOutcome } from '../workflow/run-workflow.ts';
import { type LakeRequest, type OpenRequest, openRequest } from './lake-request.ts';
import { openCatalogue, tidyLake } from './open-lake.ts';
import { createRefinePool, type RefinePool } from './refine-pool.ts';
import { workflowDefinition } from './workflow-definition.ts';

/** A run that is wanted. */
export interface RunOptions extends LakeRequest {
  /** Most chunks or series at once. If it is left out: as many as the definition and the machine allow. */
  readonly concurrency?: number | undefined;
  /** Stops the run. What has been put into the lake stays, and the next run continues from there. */
  readonly signal?: AbortSignal | undefined;
}

/** An event of a run. */
export type RunEvent =
  /** The run begins. */
  | { readonly kind: 'begun'; readonly runId: string }
  /** A line for people, such as that simulated candles are used. */
  | { readonly kind: 'notice'; readonly text: string }
  /** `done` of `total` items of a step have ended, `failed` of them without success. */
  | {
      readonly kind: 'progress';
      readonly step: RunStep;
      readonly done: number;
      readonly total: number;
      readonly failed: number;
    }
  /** A part of the current step failed and is tried again after a pause. */
  | { readonly kind: 'retry'; readonly retry: Retry };

/**
 * Runs the whole workflow in this process, by the definition that AWS runs, and returns its report. Commands and
 * servers start runs here.
 * @throws BadInput if the request is wrong or the lake cannot be written, before any request is sent
 * @throws ExchangeBusy if the exchange is out of reach
 */
export async function runLake(
  options: RunOptions,
  environment: Environment,
  onEvent: (event: RunEvent) => void = () => {},
): Promise<RunReport> {
  const opened = await openRequest('run', options, environment);
  const { store, exchange, request } = opened;
  const { concurrency, signal } = options;
  const threads = concurrency ?? availableParallelism();
  const pool = createRefinePool(opened.lake, codeHashes(), threads, environment.nowMs);
  const onRetry = (retry: Retry) => onEvent({ kind: 'retry', retry });
  try {
    if (exchange.notice) onEvent({ kind: 'notice', text: exchange.notice });
    const runId = newRunId(Date.now());
    onEvent({ kind: 'begun', runId });
    const outcome = await runWorkflow({
      definition: workflowDefinition(),
      input: request,
      runId,
      store,
      ...(concurrency !== undefined && { concurrency }),
      ...(signal && { signal }),
      // The states of the committed definition that do work are RUN_STEPS; a test compares them.
      onEvent: ({ state, ...counts }) => onEvent({ kind: 'progress', step: state as RunStep, ...counts }),
      onRetry: (_, retry) => onRetry(retry),
      tasks: await openTasks(opened, { pool, onRetry, environment, budgetUsd: options.maxUsd }),
    });
    return await readReport(store, runId, outcome);
  } finally {
    await pool.close();
    await exchange.close();
  }
}

/** Returns an id such as `20241121T023000Z-1f3a9c`. Ids sort by time, and two runs that begin at once differ. */
export function newRunId(nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}Z-${randomBytes(3).toString('hex')}`;
}

interface TaskOptions {
  readonly environment: Environment;
  readonly pool: RefinePool;
  readonly budgetUsd: number | undefined;
  readonly onRetry: OnRetry;
}

/** Opens what the stages need, and returns the tasks that take the place of the Lambdas. */
async function openTasks(
  { lake, store, exchange }: OpenRequest,
  { environment, pool, budgetUsd, onRetry }: TaskOptions,
): Promise<Tasks> {
  const { lakeName, apiKey, nowMs } = environment;
  const { http, clock, clockFixed, urls, governor } = exchange;
  const asking = { store, http, clock, urls, governor, onRetry };
  const planContext = { ...asking, clockFixed, defaults: DEFAULT_WATCH_LIST, budgetUsd };
  const fetchContext = { ...asking, ...(apiKey && { apiKey }) };
  const refineContext = { store, clock: systemClock(nowMs), codeHash: codeHashes().candles, outOfTime: () => false };
  const catalogueContext = { store, clock, catalogue: await openCatalogue(lake, lakeName) };
  let hasSpareCore = false;
  return {
    plan: async (event) => {
      const result = await plan(event as PlanInput | PlanHolesInput, planContext);
      if ('totals' in result) hasSpareCore = leavesCores(result.totals, pool.threads);
      await tidyLake(lake);
      return result;
    },
    fetch: (event) => fetchBatch(event as FetchInput, fetchContext),
    // A series without work needs no thread.
    refine: async (event) => {
      const input = REFINE_ITEM.parse(event);
      const isIdle = !('stream' in input) && (await isUpToDate(input.series, refineContext));
      return isIdle ? refine(input, refineContext) : pool.run(input, hasSpareCore);
    },
    catalogue: (event) => catalogue(event as { runId: string }, catalogueContext),
  };
}

/** A series of fewer candles is done before one more thread has started. */
const LONG_SERIES_CANDLES = 100_000;

/** Returns true if each series is long and can have two threads. */
function leavesCores({ series, candles }: PlanTotals, threads: number): boolean {
  return 2 * series <= threads && candles >= LONG_SERIES_CANDLES * series;
}

/**
 * @throws Error if the run ended before it wrote a report: the error of the task that ended it, or of the state machine
 */
async function readReport(store: ObjectStore, runId: string, outcome: WorkflowOutcome): Promise<RunReport> {
  const report = await store.get(runKey(runId, 'report.json'));
  if (report) return JSON.parse(Buffer.from(report).toString('utf8')) as RunReport;
  if (outcome.status === 'SUCCEEDED') throw new Error('run ended without a report');
  if (outcome.thrown instanceof Error) throw outcome.thrown;
  throw Object.assign(new Error(outcome.cause), { name: outcome.error });
}
