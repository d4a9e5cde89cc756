import { SOURCES } from '../../domain/chunk.ts';
import { BadInput } from '../../domain/errors.ts';
import { MARKETS, type Market } from '../../domain/market.ts';
import { streamFileName, streamTitle } from '../../domain/stream.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { WatchList } from '../../domain/watch-list.ts';
import type { ExchangeAccess } from '../../exchange/access.ts';
import { exchangeTime } from '../../exchange/exchange-time.ts';
import type { ObjectStore } from '../../ports.ts';
import { inParallel } from '../in-parallel.ts';
import { encodeJson } from '../json.ts';
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
import { type HolesContext, planHoles } from './plan-holes.ts';
import { type ParsedRequest, parseRequest, wantedRange } from './plan-request.ts';
import { type Learned, type PlannedSeriesAnswer, planSeries, type SeriesAnswer } from './plan-series.ts';
import { planStreams } from './plan-streams.ts';
import { checkBudget, planTotals } from './plan-totals.ts';
import { probeExchange, type ReachableExchange } from './probe-exchange.ts';
import { type ChosenSymbol, chooseSymbols } from './symbols.ts';

export interface PlanContext extends Omit<ExchangeAccess, 'apiKey'> {
  readonly store: ObjectStore;
  /** Values for fields that a request leaves out. */
  readonly defaults: WatchList;
  /** True if the clock stands still (CANDLELAKE_NOW). Then nothing after it is planned. */
  readonly clockFixed?: boolean;
  /** The most that a run may be expected to cost on AWS, US dollars. */
  readonly budgetUsd?: number | undefined;
  /** Days for which the bucket keeps replaced tables. Default: those of a deployment without a setting. */
  readonly replacedTableDays?: number | undefined;
  /** Receives the plan before the budget is checked and before anything is written. */
  readonly onPlan?: (plan: Plan) => void;
}

/** Series planned at once. */
const AT_ONCE = 32;

/**
 * Plans a run, and writes the plan and the items of its maps below `runs/<id>/`. After the run has refined, plans
 * requests for candles that archive files did not supply.
 * @throws BadInput if the request cannot be met or would cost more than the budget
 */
export function plan(input: PlanInput, context: PlanContext): Promise<PlanResult>;
export function plan(input: PlanHolesInput, context: HolesContext): Promise<PlanHolesResult>;
export function plan(input: PlanInput | PlanHolesInput, context: PlanContext): Promise<PlanResult | PlanHolesResult>;
export async function plan(
  input: PlanInput | PlanHolesInput,
  context: PlanContext | HolesContext,
): Promise<PlanResult | PlanHolesResult> {
  return 'holes' in input ? planHoles(input, context) : planRun(input, context as PlanContext);
}

async function planRun(input: PlanInput, context: PlanContext): Promise<PlanResult> {
  const { runId } = input;
  const { plan: made, learned } = await draftPlan(input, context);
  context.onPlan?.(made);
  checkBudget(made.totals, context.budgetUsd);
  const batches = batchChunks(runId, made.chunks);
  const series: SeriesItem[] = made.series.map((planned) => ({ runId, series: planned.series }));
  await Promise.all(learned.map(({ key, bytes }) => context.store.put(key, bytes)));
  const write = async (name: string, value: unknown): Promise<string> => {
    const key = runKey(runId, name);
    await context.store.put(key, encodeJson(value));
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

/** Returns everything that a run would do. Does and writes nothing. @throws BadInput if the request cannot be met */
export async function makePlan(input: PlanInput, context: PlanContext): Promise<Plan> {
  return (await draftPlan(input, context)).plan;
}

interface Draft {
  readonly plan: Plan;
  /** Facts for the lake, written even if the run is not: lives of symbols, and which files were checked. */
  readonly learned: readonly Learned[];
}

async function draftPlan({ runId, request }: PlanInput, context: PlanContext): Promise<Draft> {
  const parsed = parseRequest(request, context.defaults);
  const { market, interval, archiveOnly } = parsed;
  assertMarketFits(market, context.store);
  const exchange = await probeExchange(market, context, archiveOnly);
  const { asOfMs, notice } = asOf(exchange, context);
  const range = wantedRange(parsed, asOfMs);
  const answers = await planAllSeries(parsed, range, asOfMs, exchange, context);
  const planned = answers.flatMap((answer) => ('planned' in answer ? [answer] : []));
  const notListed = answers.flatMap((answer) => ('notListed' in answer ? [answer.notListed] : []));
  checkListed(parsed, planned, notListed);

  const series = planned.map((answer) => answer.planned);
  const chunks = planned.flatMap((answer) => answer.chunks);
  const ordered = SOURCES.flatMap((source) => chunks.filter((chunk) => chunk.source === source));
  const streams = parsed.streams
    ? await planStreams(
        { market, series: planned, toMs: parsed.toMs ?? asOfMs, asOfMs, archiveOnly },
        { store: context.store, archive: exchange.archive, rest: exchange.rest !== undefined },
      )
    : undefined;
  const plan: Plan = {
    runId,
    market,
    interval,
    range: archiveOnly ? { ...range, toMs: Math.max(...series.map((one) => one.range.toMs)) } : range,
    asOfMs,
    archiveOnly: exchange.rest === undefined,
    ...(archiveOnly && { archiveOnlyWanted: true }),
    notices: [
      ...(notice === undefined ? [] : [notice]),
      ...exchangeNotices(exchange, notListed.length, parsed.symbols === 'all'),
      ...streamNotices(streams?.plan),
    ],
    series,
    chunks: ordered,
    ...(streams && { streams: streams.plan }),
    totals: planTotals(series, ordered, context.replacedTableDays, streams?.plan),
  };
  return { plan, learned: [...answers.flatMap((answer) => answer.learned), ...(streams?.learned ?? [])] };
}

/** Athena's views cannot leave out simulated candles beside real ones, so a bucket never gets any. @throws BadInput */
function assertMarketFits(market: Market, { url }: ObjectStore): void {
  if (market === 'sim' && url.startsWith('s3://')) {
    const real = MARKETS.filter((one) => one !== 'sim').join(', ');
    throw new BadInput(`market of a lake in a bucket must be one of ${real}, got 'sim' for ${url}`);
  }
}

async function planAllSeries(
  parsed: ParsedRequest,
  range: TimeRange,
  asOfMs: number,
  exchange: ReachableExchange,
  { store }: PlanContext,
): Promise<SeriesAnswer[]> {
  const { market, interval, archiveOnly } = parsed;
  const symbols = await chooseSymbols(parsed, exchange);
  const facts = landedFacts(store, market, parsed.symbols === 'all');
  const planOne = (chosen: ChosenSymbol) => {
    const series = { market, symbol: chosen.symbol, interval };
    const question = { series, chosen, range, asOfMs, archiveOnly };
    return planSeries(question, { store, archive: exchange.archive, facts });
  };
  return inParallel(symbols, planOne, AT_ONCE);
}

/** A symbol named in the request must have candles. In the whole market some symbols are always too young. */
function checkListed(
  { market, symbols }: ParsedRequest,
  planned: readonly PlannedSeriesAnswer[],
  notListed: readonly string[],
): void {
  const complaint = notListed[0];
  if (complaint !== undefined && (symbols !== 'all' || planned.length === 0)) throw new BadInput(complaint);
  if (planned.length === 0)
    throw new BadInput(`symbols must be at least one that trades, got none in market ${market}`);
}

/** Returns the instant up to which candles may be closed: the exchange's time. A clock that stands still limits it. */
function asOf({ rest }: ReachableExchange, { clock, clockFixed }: PlanContext): { asOfMs: number; notice?: string } {
  const localMs = clock.nowMs();
  if (!rest) return { asOfMs: localMs };
  const { time } = rest;
  return clockFixed ? { asOfMs: Math.min(time.serverTimeMs, localMs) } : exchangeTime({ ...time, localMs });
}

/** Rows that REST no longer keeps and that no file has are lost for good, so each run reports them. */
function streamNotices(streams: StreamPlan | undefined): string[] {
  const gone = (streams?.streams ?? []).filter(({ outOfReach }) => outOfReach.length > 0);
  if (gone.length === 0) return [];
  const first = streamTitle(gone[0]!.stream);
  const others = gone.length > 1 ? ` and ${gone.length - 1} more` : '';
  return [`parts of ${first}${others} can be asked of nobody: no file, and REST does not know them any more`];
}

function exchangeNotices({ rest, notices }: ReachableExchange, notListed: number, wholeMarket: boolean): string[] {
  const lines = [...notices];
  if (wholeMarket && !rest) {
    lines.push(
      'which symbols trade is not known without REST: all is every symbol in the archive, delisted ones included',
    );
  }
  if (notListed > 0) lines.push(`${notListed} symbols were not listed in the range and are left out`);
  return lines;
}
