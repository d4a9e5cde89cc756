import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttp } from '../../lib/adapters/http.ts';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import { parseTime } from '../../lib/domain/time-range.ts';
import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { exchangeUrls } from '../../lib/exchange/simulated/exchange-urls.ts';
import { RUN_STAGES, type RunStage } from '../../lib/infra/access.ts';
import { LAMBDA_MIB } from '../../lib/lake/cost/deployment.ts';
import type { AwsUse } from '../../lib/lake/cost/prices.ts';
import type { Plan, PlanRequest } from '../../lib/lake/plan/contract.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { stagesOf } from '../support/stages.ts';

export interface StageMeter {
  invocations: number;
  seconds: number;
  /** Of all threads of this process, compilation and collection included. */
  cpuSeconds: number;
  puts: number;
  lists: number;
  gets: number;
  putBytes: number;
  getBytes: number;
  /** Bytes of landed objects that were read. */
  landedBytes: number;
  /** Bytes of version records that were put. */
  recordBytes: number;
}

export interface MeteredRun {
  readonly plan: Plan;
  readonly stages: Readonly<Record<RunStage | 'machine', StageMeter>>;
  /** The run's use on AWS if each stage had taken as long there as here. */
  readonly use: AwsUse;
}

export interface MeteredLake {
  run(request: PlanRequest): Promise<MeteredRun>;
  /** Moves the clock of the exchange and of the stages. */
  moveTo(nowMs: number): void;
  close(): Promise<void>;
}

/**
 * A lake over the simulated exchange, whose runs count what AWS would charge for.
 * @param given where the lake is; a folder of its own if left out
 */
export async function meteredLake(now: string, given?: ObjectStore): Promise<MeteredLake> {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-metered-'));
  const store = given ?? folderObjectStore(folder);
  let nowMs = parseTime(now);
  const exchange = await startExchange({ nowMs: () => nowMs });
  const clock = { nowMs: () => nowMs, sleep: async () => {} };
  const http = createHttp();
  const urls = exchangeUrls(exchange.url);
  const market = 'sim';
  const definition = workflowDefinition();
  let runs = 0;

  async function run(request: PlanRequest): Promise<MeteredRun> {
    const meters = Object.fromEntries([...RUN_STAGES, 'machine'].map((stage) => [stage, newMeter()])) as Record<
      RunStage | 'machine',
      StageMeter
    >;
    const defaults = { market, symbols: ['BTCUSDT'], interval: '15m', period: '1y' };
    const storeOf = (stage: RunStage) => meteredStore(store, meters[stage]);
    const timed =
      (stage: RunStage, work: (event: unknown) => Promise<unknown>) =>
      async (event: unknown): Promise<unknown> => {
        const startedMs = performance.now();
        const cpu = process.cpuUsage();
        meters[stage].invocations += 1;
        try {
          return await work(event);
        } finally {
          meters[stage].seconds += (performance.now() - startedMs) / 1000;
          const { user, system } = process.cpuUsage(cpu);
          meters[stage].cpuSeconds += (user + system) / 1e6;
        }
      };
    const runId = `metered-${++runs}`;
    let made: Plan | undefined;
    const note = (plan: Plan) => {
      made = plan;
    };
    const seen = new Set<string>();
    const stages = stagesOf({ store: storeOf, http, clock, urls, clockFixed: true, defaults, onPlan: note });
    const outcome = await runWorkflow({
      onEvent: ({ state }) => void seen.add(state),
      definition,
      input: { market, ...request },
      runId,
      store: meteredStore(store, meters.machine),
      // One at a time: a stage's seconds are then its own.
      concurrency: 1,
      tasks: Object.fromEntries(RUN_STAGES.map((stage) => [stage, timed(stage, stages[stage])])),
    });
    if (outcome.status !== 'SUCCEEDED') throw new Error(`metered run ended ${outcome.status}: ${outcome.cause}`);
    return { plan: made!, stages: meters, use: useOf(meters, made!, seen) };
  }

  return {
    run,
    moveTo(toMs) {
      nowMs = toMs;
    },
    async close() {
      await exchange.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newMeter(): StageMeter {
  return {
    invocations: 0,
    seconds: 0,
    cpuSeconds: 0,
    puts: 0,
    lists: 0,
    gets: 0,
    putBytes: 0,
    getBytes: 0,
    landedBytes: 0,
    recordBytes: 0,
  };
}

function meteredStore(store: ObjectStore, meter: StageMeter): ObjectStore {
  return {
    url: store.url,
    async get(key) {
      const bytes = await store.get(key);
      meter.gets += 1;
      // S3 answers a stage's question for a missing key with 403, and the key is listed:
      // lib/adapters/aws/s3-object-store.ts.
      if (!bytes) meter.lists += 1;
      meter.getBytes += bytes?.length ?? 0;
      if (key.startsWith('landing/')) meter.landedBytes += bytes?.length ?? 0;
      return bytes;
    },
    async put(key, bytes, condition) {
      meter.puts += 1;
      meter.putBytes += bytes.length;
      if (key.startsWith('versions/') && key.endsWith('.json')) meter.recordBytes += bytes.length;
      return store.put(key, bytes, condition);
    },
    async list(prefix, after) {
      const objects = await store.list(prefix, after);
      // S3 lists a thousand keys a request.
      meter.lists += Math.max(1, Math.ceil(objects.length / 1000));
      return objects;
    },
  };
}

/** States entered: by the machine's definition, the states seen and the invocations counted, none of them a retry. */
function useOf(meters: MeteredRun['stages'], { series }: Plan, seen: ReadonlySet<string>): AwsUse {
  const all = Object.values(meters);
  const sum = (value: (meter: StageMeter) => number) => all.reduce((total, meter) => total + value(meter), 0);
  const { fetch, refine } = meters;
  // Of the run: the start, tasks and maps, which report progress; ArchiveWanted, HolesFound, StreamsWanted, RunComplete
  // and RunSucceeded, which do not; and the choice after each map of archive files. There are no holes.
  const choices = 5 + Number(seen.has('FetchArchive')) + Number(seen.has('FetchStreamArchive'));
  const ofRun = 1 + seen.size + choices;
  // Of a child: its start, the task, and in Refine the choice after each task and the end.
  const transitions = ofRun + 2 * fetch.invocations + 2 * refine.invocations + 2 * series.length;
  return {
    gbSeconds: RUN_STAGES.reduce((total, stage) => total + (meters[stage].seconds * LAMBDA_MIB[stage]) / 1024, 0),
    invocations: RUN_STAGES.reduce((total, stage) => total + meters[stage].invocations, 0),
    transitions,
    puts: sum((meter) => meter.puts + meter.lists),
    gets: sum((meter) => meter.gets),
  };
}
