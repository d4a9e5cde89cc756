import { type Period, periodRange } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import { labelHorizon } from '../../labels/label-horizon.ts';
import type { LabelMemory } from '../../labels/label-memory.ts';
import { checkpointKey, gridEndKey, landingKey, listingKey, manifestKey, tableKey } from '../keys.ts';
import type { DecodedShard } from '../landing/decode-shard.ts';
import { createLandedInputs } from '../landing/landed-inputs.ts';
import { describeInputs } from '../landing/shard-inputs.ts';
import { type AccountScope, createAccountant } from '../ledger/account.ts';
import { fileOf, readFailedChunk, unreadableFile } from '../ledger/failed-chunk.ts';
import { lifeOf, listFacts, readFacts, type TailPart, withoutFrozenTail } from '../ledger/life.ts';
import { servedPart } from '../ledger/served-part.ts';
import type { FailedFile, Manifest, ShardReport } from '../manifest/contract.ts';
import { encodeManifest, listStored, readManifest } from '../manifest/manifest.ts';
import { versionInputs } from '../versions/version-inputs.ts';
import { borrowEngine, returnEngine } from './engine-pool.ts';
import { type Lookahead, lookaheadAfter } from './lookahead.ts';
import { type PublishWorld, publishShard } from './publish-shard.ts';
import { refineShard } from './refine-shard.ts';
import type { RefineWorld } from './refine-world.ts';
import { createSeriesPeek } from './series-peek.ts';
import { BEFORE_ALL, goOnFrom } from './shard-end.ts';

/** What a shard goes on from. */
interface SeriesState {
  readonly chain: string;
  readonly features: FeatureEngine;
  readonly labelMemory: LabelMemory;
}

export interface SeriesRefiner {
  readonly periods: readonly Period[];
  /** The report of a shard that needs no work, or undefined where it does. */
  leaveAlone(period: Period): Promise<ShardReport | undefined>;
  /**
   * Makes the shard anew where it needs it. Undefined where nothing landed for it holds a candle, and none ever did: a
   * shard that lost all of them stays as an empty one, and a series without any has one for its ledger. Comes back when the shard is computed; its report comes when it is
   * written.
   */
  bringUpToDate(period: Period): Promise<RefinedPeriod | undefined>;
  /** Archive files that say nothing of their candles, once every period has been brought up to date. */
  failedFiles(): readonly FailedFile[];
  /** True where more has landed than when the series was looked at. */
  outdated(): Promise<boolean>;
  /** Writes down what was learned of the landed objects, for the next time. */
  remember(): Promise<void>;
  /** Waits until nothing is being written any more. Never throws: the reports do. */
  close(): Promise<void>;
}

export interface RefinedPeriod {
  readonly recomputed: boolean;
  readonly report: Promise<ShardReport>;
}

/** Looks at what has landed of a series, and refines shard after shard by that. */
export async function createSeriesRefiner(
  series: Series,
  world: RefineWorld & PublishWorld,
  remake: ReadonlySet<Period> = new Set(),
): Promise<SeriesRefiner> {
  const { store, codeHash } = world;
  const { interval } = series;
  // First, so that what landed for a shard that another run publishes meanwhile is never older than what this run
  // knows.
  const stored = await listStored(store, series);
  const [inputs, facts] = await Promise.all([createLandedInputs(store, series), readFacts(store, series)]);
  const { landing } = inputs;
  const periods = [...landing.periods.keys()];
  const newestVersions = new Map(inputs.newest);
  const lastPeriods: Period[] = [];
  const life = await withoutFrozenTail(
    interval,
    lifeOf(interval, facts),
    facts,
    tail(periods, (period) => {
      lastPeriods.push(period);
      return inputs.decoded(period);
    }),
  );
  const failed = await Promise.all(landing.failures.map((id) => readFailedChunk(store, interval, id)));
  const failures = failed.flatMap((failure) => failure ?? []);
  const peek = createSeriesPeek({ inputs, codeHash, life, read: (period) => readManifest(store, series, period) });
  const accountant = createAccountant({
    series,
    inputs,
    failures,
    life,
    decoded: (period) => peek.decoded(period),
  });

  const unreadable = new Map<Period, readonly FailedFile[]>();
  let state: SeriesState | undefined;
  let writing: Promise<Manifest> | undefined;
  /** Of the shard before, once it is published. */
  let manifestBefore: Promise<Manifest> | undefined;
  let previous = BEFORE_ALL;

  async function scopeOf(period: Period): Promise<AccountScope> {
    return { period, fromMs: previous.accountedUntilMs, followed: (await shardAfter(period)) !== undefined };
  }

  async function shardAfter(period: Period): Promise<Period | undefined> {
    for (const later of periods.slice(periods.indexOf(period) + 1)) {
      if (stored.has(tableKey('candles', series, later))) return later;
      const candles = (await peek.head(later))?.candles ?? (await peek.decoded(later)).candles.length;
      if (candles > 0) return later;
    }
    return undefined;
  }

  /** True for the last period of a series of which no candle is served: why not must be told somewhere. */
  function isOnlyAccount(period: Period): boolean {
    return period === periods.at(-1) && previous.shard === undefined;
  }

  async function leaveAlone(period: Period): Promise<ShardReport | undefined> {
    const manifest = await peek.manifest(period);
    const unchanged =
      manifest !== undefined &&
      manifest.codeHash === codeHash &&
      manifest.previousChain === previous.chain &&
      Object.values(manifest.outputs).every((output) => stored.get(output.key)?.sizeBytes === output.sizeBytes) &&
      stored.has(manifest.checkpoint.key) &&
      (await inputs.isMadeFrom(manifest, period));
    if (!unchanged) return undefined;
    const lookahead = await lookaheadAfter(period, periods, peek, labelHorizon(interval));
    if (lookahead.sha256 !== manifest.lookahead) return undefined;
    if ((await accountant.basis(await scopeOf(period))) !== manifest.ledger.basis) return undefined;
    manifestBefore = Promise.resolve(manifest);
    unreadable.set(period, manifest.report.unreadable ?? []);
    previous = {
      chain: manifest.chain,
      shard: { period, checkpoint: manifest.checkpoint },
      lastOpenTimeMs: manifest.report.candles > 0 ? manifest.report.lastOpenTimeMs : previous.lastOpenTimeMs,
      accountedUntilMs: periodRange(period).toMs,
    };
    return reportOf(manifest, manifestKey(series, period), false);
  }

  /** The feature engine and the label memory as they stood at the end of the shard before. */
  async function stateAfterPrevious(): Promise<Omit<SeriesState, 'chain'>> {
    if (state?.chain === previous.chain) return state;
    const features = state?.features ?? borrowEngine(interval, world.features);
    return { features, labelMemory: await goOnFrom(previous, features, store) };
  }

  return {
    periods,
    leaveAlone,
    async bringUpToDate(period) {
      const untouched = remake.has(period) ? undefined : await leaveAlone(period);
      if (untouched) return { recomputed: false, report: Promise.resolve(untouched) };
      const shard = await peek.decoded(period);
      unreadable.set(period, shard.unreadable.map(unreadableFile));
      const isNothing = shard.candles.length === 0 && !stored.has(tableKey('candles', series, period));
      if (isNothing && !isOnlyAccount(period)) return undefined;
      const lookahead: Lookahead = await lookaheadAfter(period, periods, peek, labelHorizon(interval));
      const scope = await scopeOf(period);
      const ledger = await accountant.ledger(scope, shard);
      if (isNothing && ledger.grid === 0) return undefined;
      const { features, labelMemory } = await stateAfterPrevious();
      const following = await lookahead.candles();
      const evidence = accountant.evidence(scope);
      const followedBy = await shardAfter(period);
      const around = [...lookahead.periods, ...evidence.periods, ...lastPeriods, ...(followedBy ? [followedBy] : [])];
      const from = await versionInputs(
        {
          period,
          around,
          facts: [
            ...facts.map((fact) => listingKey(series.market, series.symbol, fact.sha256)),
            ...(scope.followed || landing.gridEndMs === undefined ? [] : [gridEndKey(series, landing.gridEndMs)]),
          ],
          failures: evidence.failures,
        },
        inputs.decoded,
      );
      const refined = refineShard({
        series,
        shard,
        previousChain: previous.chain,
        previousOpenTimeMs: previous.lastOpenTimeMs,
        codeHash,
        features,
        labelMemory,
        following,
        gaps: ledger.rows,
      });
      state = { chain: refined.chain, features, labelMemory: refined.labelMemory };
      const shardBefore = previous;
      previous = {
        chain: refined.chain,
        shard: { period, checkpoint: { key: checkpointKey(series, period), sha256: sha256(refined.checkpoint) } },
        lastOpenTimeMs: shard.candles.openTimeMs.at(-1) ?? shardBefore.lastOpenTimeMs,
        accountedUntilMs: periodRange(period).toMs,
      };
      const basis = await accountant.basis(scope);
      const isWhole = (await peek.manifest(period)) !== undefined;
      peek.forget(period);
      await writing;
      const before = await manifestBefore;
      writing = publishShard(world, {
        series,
        period,
        inputs: describeInputs(shard.inputs),
        codeHash,
        previousChain: shardBefore.chain,
        lookahead: lookahead.sha256,
        shard,
        ledger,
        lineage: { ...ledger.account, basis, ...servedPart(period, life) },
        refined,
        lookedAtMs: following.openTimeMs.at(-1) ?? shard.candles.openTimeMs.at(-1),
        ...(before && { follows: { period: before.period, manifestSha256: sha256(encodeManifest(before)) } }),
        ...(followedBy && { followedBy }),
        madeFrom: from,
        seen: stored,
        newestVersions,
        isWhole,
      });
      manifestBefore = writing;
      const report = writing.then((manifest) => reportOf(manifest, manifestKey(series, period), true));
      // Whoever waits for it hears of a failure; nobody may be waiting yet.
      report.catch(() => {});
      return { recomputed: true, report };
    },
    failedFiles: () => [
      ...failures.filter(({ source }) => source !== 'rest').map(fileOf),
      ...[...unreadable.values()].flat(),
    ],
    async outdated() {
      const [landed, told] = await Promise.all([inputs.outdated(), listFacts(store, series)]);
      return landed || told.join() !== facts.map((fact) => fact.sha256).join();
    },
    async remember() {
      await writing;
      await inputs.remember(newestVersions);
    },
    async close() {
      await writing?.catch(() => {});
      if (state) returnEngine(interval, state.features);
    },
  };
}

function reportOf(manifest: Manifest, key: string, recomputed: boolean): ShardReport {
  return { ...manifest.report, manifestKey: key, manifestSha256: sha256(encodeManifest(manifest)), recomputed };
}

/** The periods of a series from the last on, as they landed. */
async function* tail(
  periods: readonly Period[],
  decode: (period: Period) => Promise<DecodedShard>,
): AsyncGenerator<TailPart> {
  for (const period of periods.toReversed()) {
    const { candles, inputs, unreadable } = await decode(period);
    const unread = new Set(unreadable.map(({ key }) => key));
    const files = inputs.filter((id) => id.source !== 'rest' && !unread.has(landingKey(id)));
    const archivedUntilMs = Math.max(...files.map(({ range }) => range.toMs));
    yield { candles, archivedUntilMs };
  }
}
