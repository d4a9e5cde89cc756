import type { Candles } from '../../domain/candles.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import { labelHorizon } from '../../labels/label-horizon.ts';
import { listingKey, manifestKey, tableKey } from '../keys.ts';
import { gridEndKey } from '../landing/grid-end-key.ts';
import { describeInputs } from '../landing/series-inputs.ts';
import { unreadableFile } from '../ledger/failed-chunk.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ServedShard } from '../ledger/quarantine.ts';
import type { LedgerScope } from '../ledger/series-ledger.ts';
import { servedPart } from '../ledger/symbol-life.ts';
import type { FailedFile, Manifest, ShardReport } from '../manifest/contract.ts';
import { chainOf } from '../manifest/hash-candles.ts';
import { encodeManifest } from '../manifest/manifest.ts';
import type { MadeFrom } from '../versions/contract.ts';
import { versionInputs } from '../versions/version-inputs.ts';
import { type Lookahead, lookaheadAfter } from './lookahead.ts';
import { type PublishContext, publishShard } from './publish-shard.ts';
import { memoryOf } from './refine-shard.ts';
import type { SeriesView } from './series-view.ts';
import type { ShardComputer } from './shard-computer.ts';
import { type ShardEnd, startAfter } from './shard-end.ts';

/** The result of one period: the next state of the fold, and the shard if the period has one. */
export interface RefinedPeriod {
  readonly end: ShardEnd;
  /** Archive files of the period that landed and cannot be read. */
  readonly unreadable: readonly FailedFile[];
  readonly shard?: {
    readonly recomputed: boolean;
    /** Resolves when the shard is stored. */
    readonly report: Promise<ShardReport>;
  };
}

interface RefinePeriodContext extends PublishContext {
  readonly computer: ShardComputer;
}

/**
 * Computes and publishes the shard of a period. Returns when the computer has the shard. Its objects are stored while
 * the next shard is computed, but never before those of the shard in front. So at most one shard is computed and one is
 * stored at any moment.
 */
export async function refinePeriod(
  view: SeriesView,
  context: RefinePeriodContext,
  end: ShardEnd,
  period: Period,
): Promise<RefinedPeriod> {
  const served = await view.served(period);
  const unreadable = served.unreadable.map(unreadableFile);
  const sources = await sourcesOf(view, end, period, served);
  if (!sources) return { end, unreadable };
  const { scope, ledger, lookahead, following, followedBy } = sources;
  const { series, codeHash } = view;
  const { candles, source } = served;
  const chain = chainOf(end.chain, candles, codeHash);
  const basis = await view.ledger.basis(scope);
  const isWhole = (await view.manifest(period)) !== undefined;
  const start = await startAfter(end, context.store);
  view.forget(period);
  const stored = await end.computed;
  const computing = context.computer.compute(
    { series, shard: { candles, source }, chain, previousOpenTimeMs: end.lastOpenTimeMs, following, gaps: ledger.rows },
    start,
    stored && memoryOf(stored),
  );
  const publishing = Promise.all([computing, end.published]).then(([refined, before]) =>
    publishShard(context, {
      series,
      period,
      inputs: describeInputs(served.inputs),
      codeHash,
      previousChain: end.chain,
      chain,
      lookahead: lookahead.sha256,
      shard: served,
      ledger,
      lineage: { ...ledger.account, basis, ...servedPart(period, view.life) },
      refined,
      lookedAtMs: following.openTimeMs.at(-1) ?? candles.openTimeMs.at(-1),
      ...(before && { follows: { period: before.period, manifestSha256: sha256(encodeManifest(before)) } }),
      ...(followedBy && { followedBy }),
      madeFrom: sources.madeFrom,
      seen: view.published,
      newestVersions: view.newestVersions,
      isWhole,
    }),
  );
  const nextEnd: ShardEnd = {
    chain,
    checkpoint: undefined,
    hasShard: true,
    lastOpenTimeMs: candles.openTimeMs.at(-1) ?? end.lastOpenTimeMs,
    accountedUntilMs: periodRange(period).toMs,
    refined: computing,
    computed: handled(Promise.all([end.refined, computing, end.published]).then(([before]) => before)),
    published: handled(publishing),
  };
  return { end: nextEnd, unreadable, shard: { recomputed: true, report: reportWhen(publishing) } };
}

/** The sources of a shard besides its candles. */
interface ShardSources {
  readonly scope: LedgerScope;
  readonly ledger: Ledger;
  readonly lookahead: Lookahead;
  readonly following: Candles;
  /** The next period that has a shard. */
  readonly followedBy: Period | undefined;
  readonly madeFrom: MadeFrom;
}

/**
 * Returns the sources of a period's shard, or undefined if the period has none. A period without a candle has no shard,
 * except in two cases: a shard that lost its candles stays as an empty one, and a series without a candle has one shard
 * for its ledger.
 */
async function sourcesOf(
  view: SeriesView,
  end: ShardEnd,
  period: Period,
  served: ServedShard,
): Promise<ShardSources | undefined> {
  const hasNone = served.candles.length === 0 && !view.published.has(tableKey('candles', view.series, period));
  const isLastOfNone = !end.hasShard && period === view.periods.at(-1);
  if (hasNone && !isLastOfNone) return undefined;
  const followedBy = await shardAfter(view, period);
  const scope = scopeOf(end, period, followedBy);
  const ledger = await view.ledger.ledger(scope, served);
  if (hasNone && ledger.grid === 0) return undefined;
  const lookahead = await lookaheadOf(view, period);
  const following = await lookahead.candles();
  return {
    scope,
    ledger,
    lookahead,
    following,
    followedBy,
    madeFrom: await madeFromOf(view, scope, lookahead, followedBy),
  };
}

/** Returns the shard of a period as it is, or undefined if it is stale: other inputs, code, predecessor or evidence. */
export async function keepShard(view: SeriesView, end: ShardEnd, period: Period): Promise<RefinedPeriod | undefined> {
  const manifest = await view.manifest(period);
  const isUnchanged =
    manifest !== undefined &&
    manifest.codeHash === view.codeHash &&
    manifest.previousChain === end.chain &&
    Object.values(manifest.outputs).every(({ key, sizeBytes }) => view.published.get(key)?.sizeBytes === sizeBytes) &&
    view.published.has(manifest.checkpoint.key) &&
    (await view.inputs.isMadeFrom(manifest, period));
  if (!isUnchanged || (await lookaheadOf(view, period)).sha256 !== manifest.lookahead) return undefined;
  const scope = scopeOf(end, period, await shardAfter(view, period));
  if ((await view.ledger.basis(scope)) !== manifest.ledger.basis) return undefined;
  const { report, chain, checkpoint: object } = manifest;
  return {
    end: {
      chain,
      checkpoint: { period, object },
      hasShard: true,
      lastOpenTimeMs: report.candles > 0 ? report.lastOpenTimeMs : end.lastOpenTimeMs,
      accountedUntilMs: periodRange(period).toMs,
      refined: end.refined,
      computed: end.computed,
      published: handled(end.published.then(() => manifest)),
    },
    unreadable: report.unreadable ?? [],
    shard: { recomputed: false, report: Promise.resolve(reportOf(manifest, false)) },
  };
}

function lookaheadOf(view: SeriesView, period: Period): Promise<Lookahead> {
  return lookaheadAfter(period, view.periods, view, labelHorizon(view.series.interval));
}

function scopeOf(end: ShardEnd, period: Period, followedBy: Period | undefined): LedgerScope {
  return { period, fromMs: end.accountedUntilMs, followed: followedBy !== undefined };
}

/** Returns the next period that has a shard. */
async function shardAfter(view: SeriesView, period: Period): Promise<Period | undefined> {
  for (const later of view.periods.slice(view.periods.indexOf(period) + 1)) {
    if (view.published.has(tableKey('candles', view.series, later))) return later;
    const candles = (await view.head(later))?.candles ?? (await view.served(later)).candles.length;
    if (candles > 0) return later;
  }
  return undefined;
}

/** Returns everything that the version is made from, so that it can be rebuilt later. */
function madeFromOf(
  { series, facts, inputs, ledger, lifePeriods }: SeriesView,
  scope: LedgerScope,
  lookahead: Lookahead,
  followedBy: Period | undefined,
): Promise<MadeFrom> {
  const { periods, failures } = ledger.evidence(scope);
  const { gridEndMs } = inputs.landing;
  const factKeys = facts.map((fact) => listingKey(series.market, series.symbol, fact.sha256));
  const gridEnd = scope.followed || gridEndMs === undefined ? [] : [gridEndKey(series, gridEndMs)];
  return versionInputs(
    {
      period: scope.period,
      around: [...lookahead.periods, ...periods, ...lifePeriods, ...(followedBy ? [followedBy] : [])],
      facts: [...factKeys, ...gridEnd],
      failures,
    },
    inputs.decoded,
  );
}

function reportWhen(published: Promise<Manifest>): Promise<ShardReport> {
  return handled(published.then((manifest) => reportOf(manifest, true)));
}

/** Marks a promise as handled. Its error reaches those who await it later. Without this, it would end the process. */
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}

function reportOf(manifest: Manifest, recomputed: boolean): ShardReport {
  const { series, period, report } = manifest;
  return {
    ...report,
    manifestKey: manifestKey(series, period),
    manifestSha256: sha256(encodeManifest(manifest)),
    recomputed,
  };
}
