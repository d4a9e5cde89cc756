import { createHttp } from '../../lib/adapters/http.ts';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import type { CandleSource } from '../../lib/exchange/simulated/candle-source.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { exchangeUrls } from '../../lib/exchange/simulated/exchange-urls.ts';
import type { Fault } from '../../lib/exchange/simulated/fault.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import type { RunReport } from '../../lib/lake/catalogue/contract.ts';
import { runKey } from '../../lib/lake/keys.ts';
import type { MemoryStore } from '../../lib/lake/memory-store.ts';
import { runWorkflow, type WorkflowOutcome } from '../../lib/workflow/run-workflow.ts';
import { testClock } from '../support/clock.ts';
import { watchedLake } from '../support/lake-faults.ts';
import { stagesOf } from '../support/stages.ts';
import { type Forgery, forgedHttp } from './forged-data.ts';
import { type DataFault, NOW_MS, REQUEST } from './schedule.ts';
import { faultyStore, type OperationCounts, type StoreFault } from './store-fault.ts';

/** The faults of a run. A kind that is left out does not strike. */
export interface RunOptions {
  readonly runId: string;
  /** The time, the exchange's and ours. */
  readonly nowMs?: number;
  readonly data?: DataFault | undefined;
  readonly exchange?: readonly Fault[];
  readonly forged?: readonly Forgery[];
  readonly store?: readonly StoreFault[];
}

export interface ChaosRun {
  readonly outcome: WorkflowOutcome;
  /** Undefined if the run ended before it could report. */
  readonly report: RunReport | undefined;
  /** The faults that a reader would have found while it ran. */
  readonly violations: readonly string[];
  /** The requests to the store. */
  readonly operations: OperationCounts;
  /** Paths that the exchange was asked for, by all runs that went on at the time. */
  readonly requests: readonly string[];
}

/** One simulated exchange and everything else that schedules share. */
export interface ChaosWorld {
  /** The number of times that each kind of fault truly struck. */
  readonly struck: Map<string, number>;
  run(lake: MemoryStore, options: RunOptions): Promise<ChaosRun>;
  /** Two or more runs at once on one lake; what the exchange does wrong, it does to all. */
  runTogether(lake: MemoryStore, runs: readonly RunOptions[]): Promise<ChaosRun[]>;
  close(): Promise<void>;
}

/** Silence longer than this is a stall, if stalls are among the faults. The simulated exchange answers in a few ms. */
const STALL_TIMEOUT_MS = 60;
const TIMEOUT_MS = 20_000;

export async function startChaos(): Promise<ChaosWorld> {
  let nowMs = NOW_MS;
  const exchange = await startExchange({ nowMs: () => nowMs, candles: remembered(seededCandles(7)), weightLimit: 1e9 });
  const struck = new Map<string, number>();
  const count = (kind: string) => struck.set(kind, (struck.get(kind) ?? 0) + 1);
  countStrikes(exchange, count);

  async function runTogether(lake: MemoryStore, runs: readonly RunOptions[]): Promise<ChaosRun[]> {
    exchange.faults.clear();
    exchange.requests.length = 0;
    nowMs = runs[0]?.nowMs ?? NOW_MS;
    for (const { data, exchange: faults = [] } of runs) {
      exchange.faults.add(...faults);
      if (data?.by === 'exchange') exchange.faults.add(data.fault);
    }
    // A stall strikes every caller, so a run beside the disturbed one has as little patience.
    const stalls = runs.some(({ exchange: faults = [] }) => faults.some(({ kind }) => kind === 'stall'));
    const timeoutMs = stalls ? STALL_TIMEOUT_MS : TIMEOUT_MS;
    return Promise.all(runs.map((options) => runOne(lake, options, timeoutMs)));
  }

  async function runOne(lake: MemoryStore, options: RunOptions, timeoutMs: number): Promise<ChaosRun> {
    const { runId, data, forged = [] } = options;
    const violations: string[] = [];
    const killed = new AbortController();
    const watched = watchedLake(lake, (text) => violations.push(text));
    const store = faultyStore(watched, options.store ?? [], count, () => killed.abort(new Error('killed')));
    const patience = createHttp();
    const timed = { get: (url: string) => patience.get(url, { timeoutMs }) };
    const forgeries = [...forged, ...(data?.by === 'forger' ? [data.forgery] : [])];
    const http = forgeries.length > 0 ? forgedHttp(timed, forgeries, count) : timed;
    const clock = testClock(nowMs);
    const urls = exchangeUrls(exchange.url);
    const outcome = await runWorkflow({
      definition: workflowDefinition(),
      input: REQUEST,
      runId,
      store,
      waitScale: 0,
      signal: killed.signal,
      tasks: stagesOf({ store, http, clock, urls, codeHash: 'code of the chaos suite' }),
    });
    const bytes = lake.objects.get(runKey(runId, 'report.json'));
    const report = bytes ? (JSON.parse(Buffer.from(bytes).toString()) as RunReport) : undefined;
    const requests = exchange.requests.map(({ path }) => path);
    return { outcome, report, violations, operations: store.operations(), requests };
  }

  return {
    struck,
    runTogether,
    run: async (lake, options) => (await runTogether(lake, [options]))[0]!,
    close: () => exchange.close(),
  };
}

/** Reports each fault that strikes, not each that was requested. */
function countStrikes({ faults }: Exchange, count: (kind: string) => void): void {
  const { takeTransport, takeArchive, takeFileRows, takeRestRows, takeSkewMs } = faults;
  faults.takeTransport = (request) => {
    const fault = takeTransport.call(faults, request);
    if (fault) count(nameOf(fault));
    return fault;
  };
  faults.takeArchive = (request, path, isChecksum) => {
    const fault = takeArchive.call(faults, request, path, isChecksum);
    if (fault) count(fault.kind);
    return fault;
  };
  faults.takeFileRows = (request, path, isChecksum) => {
    const found = takeFileRows.call(faults, request, path, isChecksum);
    for (const { kind } of found) if (!isChecksum) count(kind);
    return found;
  };
  faults.takeRestRows = (request) => {
    const found = takeRestRows.call(faults, request);
    for (const { kind } of found) count(`rest_${kind}`);
    return found;
  };
  faults.takeSkewMs = (request) => {
    const skewMs = takeSkewMs.call(faults, request);
    if (skewMs !== 0) count(skewMs > 0 ? 'clock_ahead' : 'clock_behind');
    return skewMs;
  };
}

function nameOf(fault: NonNullable<ReturnType<Exchange['faults']['takeTransport']>>): string {
  if (fault.kind !== 'status') return fault.kind;
  return fault.status === 429 && fault.retryAfterSec === undefined
    ? 'http_429_without_retry_after'
    : `http_${fault.status}`;
}

/** Listed from this day on: the archive's listing of years would take longer than the run. */
const ONBOARD_MS = Date.parse('2023-11-25T00:00:00Z');

/** The two symbols of the source. Each range is made once, because the suite reads the same days thousands of times. */
function remembered(source: CandleSource): CandleSource {
  const known = new Map<string, string[]>();
  const symbols: readonly string[] = REQUEST.symbols;
  const listings = source
    .listings('um')
    .filter(({ symbol }) => symbols.includes(symbol))
    .map((listing) => ({ ...listing, onboardMs: ONBOARD_MS }));
  return {
    revision: source.revision,
    fewFiles: source.fewFiles,
    listings: () => listings,
    has: (series, range) => range.toMs > ONBOARD_MS && source.has(series, range),
    extent(series) {
      const extent = source.extent(series);
      return extent && { ...extent, fromMs: ONBOARD_MS };
    },
    rows(series, range) {
      const key = JSON.stringify([series, range]);
      const rows = known.get(key) ?? source.rows(series, range);
      known.set(key, rows);
      return rows;
    },
  };
}
