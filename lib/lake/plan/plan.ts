import pLimit from 'p-limit';
import { SOURCES } from '../../domain/chunk.ts';
import { BadInput } from '../../domain/errors.ts';
import { streamFileName, streamTitle } from '../../domain/stream.ts';
import type { WatchList } from '../../domain/watch-list.ts';
import { exchangeTime } from '../../exchange/binance/exchange-time.ts';
import type { ExchangeUrls } from '../../exchange/exchange-urls.ts';
import type { Clock, Http, ObjectStore, OnRetry } from '../../ports.ts';
import { checkBudget } from '../cost/budget.ts';
import { planTotals } from '../cost/estimate.ts';
import { addStreams } from '../cost/stream-use.ts';
import { runKey } from '../keys.ts';
import { batchChunks, batchStreamChunks } from './batches.ts';
import type {
  Plan,
  PlanHolesInput,
  PlanHolesResult,
  PlanInput,
  PlanResult,
  SeriesItem,
  StreamItem,
  StreamPlan,
} from './contract.ts';
import { landedFacts } from './listing-facts.ts';
import { type HolesWorld, planHoles } from './plan-holes.ts';
import { parseRequest, wantedRange } from './plan-request.ts';
import { type Learned, planSeries } from './plan-series.ts';
import { planStreams } from './plan-streams.ts';
import { askReach, type Reach } from './reach.ts';
import { chooseSymbols } from './symbols.ts';

export interface PlanWorld {
  readonly store: ObjectStore;
  readonly http: Http;
  readonly clock: Clock;
  readonly urls: ExchangeUrls;
  /** Stands in for what a request leaves out. */
  readonly defaults: WatchList;
  /** True where the clock was set to stand still (CANDLELAKE_NOW): nothing after it is then planned for. */
  readonly clockFixed?: boolean;
  readonly onRetry?: OnRetry | undefined;
  /** Most that a run may be expected to cost on AWS, US dollars. */
  readonly budgetUsd?: number | undefined;
  /** Days that the bucket keeps replaced tables; left out: those of a deployment that does not say. */
  readonly replacedTableDays?: number | undefined;
  /** Told of the plan before the budget is held against it and before anything is written. */
  readonly onPlan?: (plan: Plan) => void;
}

/** Series planned at once. */
const AT_ONCE = 32;

/**
 * Plans a run and writes the plan, and the items of its maps, below `runs/<id>/`; or, after the run has refined, who
 * else is to be asked for what archive files did not bring.
 * @throws BadInput where the request cannot be met or would cost more than the budget
 */
export function plan(input: PlanInput, world: PlanWorld): Promise<PlanResult>;
export function plan(input: PlanHolesInput, world: HolesWorld): Promise<PlanHolesResult>;
export function plan(input: PlanInput | PlanHolesInput, world: PlanWorld): Promise<PlanResult | PlanHolesResult>;
export async function plan(
  input: PlanInput | PlanHolesInput,
  world: PlanWorld | HolesWorld,
): Promise<PlanResult | PlanHolesResult> {
  return 'holes' in input ? planHoles(input, world) : planRun(input, world as PlanWorld);
}

async function planRun(input: PlanInput, world: PlanWorld): Promise<PlanResult> {
  const { runId } = input;
  const { plan: made, learned } = await draftPlan(input, world);
  world.onPlan?.(made);
  checkBudget(made.totals, world.budgetUsd);
  const batches = batchChunks(runId, made.chunks);
  const series: SeriesItem[] = made.series.map((planned) => ({ runId, series: planned.series }));
  await Promise.all(learned.map(({ key, bytes }) => world.store.put(key, bytes)));
  const write = async (name: string, value: unknown): Promise<string> => {
    const key = runKey(runId, name);
    await world.store.put(key, new TextEncoder().encode(JSON.stringify(value)));
    return key;
  };
  const streams = made.streams && (await writeStreams(runId, made.streams, write));
  return {
    runId,
    archiveKey: await write('archive.json', batches.archive),
    restKey: await write('rest.json', batches.rest),
    seriesKey: await write('series.json', series),
    planKey: await write('plan.json', made),
    ...streams?.keys,
    batches: {
      archive: batches.archive.length,
      rest: batches.rest.length,
      streamArchive: streams?.batches.archive.length ?? 0,
      streamRest: streams?.batches.rest.length ?? 0,
    },
    totals: made.totals,
  };
}

/** Writes the items of the streams' maps. Returns their keys, and the batches of the fetch maps. */
async function writeStreams(
  runId: string,
  { streams, chunks }: StreamPlan,
  write: (name: string, value: unknown) => Promise<string>,
) {
  const batches = batchStreamChunks(runId, chunks);
  const items: StreamItem[] = streams.map(({ stream }) => ({ runId, stream, file: streamFileName(stream) }));
  const keys = {
    streamArchiveKey: await write('stream-archive.json', batches.archive),
    streamRestKey: await write('stream-rest.json', batches.rest),
    streamsKey: await write('streams.json', items),
  };
  return { keys, batches };
}

/** Everything a run would do, without doing or writing anything. @throws BadInput where the request cannot be met. */
export async function makePlan(input: PlanInput, world: PlanWorld): Promise<Plan> {
  return (await draftPlan(input, world)).plan;
}

interface Draft {
  readonly plan: Plan;
  /** Objects for the lake, whatever becomes of the plan: what was heard of listings, and which files were checked. */
  readonly learned: readonly Learned[];
}

async function draftPlan({ runId, request }: PlanInput, world: PlanWorld): Promise<Draft> {
  const parsed = parseRequest(request, world.defaults);
  const { market, interval } = parsed;
  const reach = await askReach(market, world.urls, world, parsed.archiveOnly);
  const { asOfMs, notice } = asOf(reach, world);
  const range = wantedRange(parsed, asOfMs);
  const symbols = await chooseSymbols(parsed, reach);
  const { store } = world;
  const facts = landedFacts(store, market, parsed.symbols === 'all');

  const limit = pLimit(AT_ONCE);
  const answers = await Promise.all(
    symbols.map((chosen) =>
      limit(() => {
        const series = { market, symbol: chosen.symbol, interval };
        return planSeries(
          { series, chosen, range, asOfMs, archiveOnly: parsed.archiveOnly },
          { store, archive: reach.archive, facts },
        );
      }),
    ),
  );
  const planned = answers.flatMap((answer, index) =>
    'planned' in answer ? [{ ...answer, rest: symbols[index]!.rest }] : [],
  );
  const notListed = answers.flatMap((answer) => ('notListed' in answer ? [answer.notListed] : []));
  // A symbol asked for by name must have candles to give; of the whole market, some are always too young.
  const complaint = notListed[0];
  if (complaint !== undefined && (parsed.symbols !== 'all' || planned.length === 0)) throw new BadInput(complaint);
  if (planned.length === 0)
    throw new BadInput(`symbols must be at least one that trades, got none in market ${market}`);

  const series = planned.map((p) => p.planned);
  const chunks = planned.flatMap((p) => p.chunks);
  const ordered = SOURCES.flatMap((source) => chunks.filter((chunk) => chunk.source === source));
  const streams = parsed.streams
    ? await planStreams(
        { market, series: planned, toMs: parsed.toMs ?? asOfMs, asOfMs, archiveOnly: parsed.archiveOnly },
        { store: world.store, archive: reach.archive, rest: reach.rest !== undefined },
      )
    : undefined;
  const plan: Plan = {
    runId,
    market,
    interval,
    range: parsed.archiveOnly ? { ...range, toMs: Math.max(...series.map((s) => s.range.toMs)) } : range,
    asOfMs,
    archiveOnly: reach.rest === undefined,
    ...(parsed.archiveOnly && { archiveOnlyWanted: true }),
    notices: [
      ...(notice === undefined ? [] : [notice]),
      ...notices(reach, notListed.length, parsed.symbols === 'all'),
      ...streamNotices(streams?.plan),
    ],
    series,
    chunks: ordered,
    ...(streams && { streams: streams.plan }),
    totals: addStreams(planTotals(series, ordered, world.replacedTableDays), streams?.plan),
  };
  return { plan, learned: [...answers.flatMap((answer) => answer.learned), ...(streams?.learned ?? [])] };
}

/** The exchange's own time says which candles are closed; a clock that stands still holds it back. */
function asOf(reach: Reach, { clock, clockFixed }: PlanWorld): { asOfMs: number; notice?: string } {
  const localMs = clock.nowMs();
  if (!reach.rest) return { asOfMs: localMs };
  const { time } = reach.rest;
  return clockFixed ? { asOfMs: Math.min(time.serverTimeMs, localMs) } : exchangeTime({ ...time, localMs });
}

/** What REST no longer keeps and no file has can never be had: that is said each time. */
function streamNotices(streams: StreamPlan | undefined): string[] {
  const gone = (streams?.streams ?? []).filter(({ outOfReach }) => outOfReach.length > 0);
  if (gone.length === 0) return [];
  const first = streamTitle(gone[0]!.stream);
  const others = gone.length > 1 ? ` and ${gone.length - 1} more` : '';
  return [`parts of ${first}${others} can be asked of nobody: no file, and REST does not know them any more`];
}

function notices(reach: Reach, notListed: number, wholeMarket: boolean): string[] {
  const lines = [...reach.notices];
  if (wholeMarket && !reach.rest) {
    lines.push(
      'which symbols trade is not known without REST: all is every symbol in the archive, delisted ones included',
    );
  }
  if (notListed > 0) lines.push(`${notListed} symbols were not listed in the range and are left out`);
  return lines;
}
