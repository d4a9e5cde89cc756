import { CorruptObject } from '../domain/errors.ts';
import { checkpointKey, landingKey, manifestKey, refineResultKey, tableKey } from '../domain/keys.ts';
import { type Period, periodRange } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import type { FeatureEngine } from '../features/engine.ts';
import { labelHorizon } from '../labels/label-horizon.ts';
import { emptyLabelMemory, type LabelMemory } from '../labels/label-memory.ts';
import type { Clock, ObjectStore } from '../ports.ts';
import { type AccountScope, createAccountant } from './account.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import type { LedgerLineage, Manifest, RefineInput, RefineResult, SeriesReport, ShardReport } from './contract.ts';
import { type DecodedShard, decodeShard } from './decode-shard.ts';
import { borrowEngine, returnEngine } from './engine-pool.ts';
import { readFailedChunk } from './failed-chunk.ts';
import { sha256 } from './hash.ts';
import { type LandedId, type Landing, listLanding } from './landing.ts';
import { type Life, lifeOf, listFacts, readFacts, type TailPart, withoutFrozenTail } from './life.ts';
import { type Lookahead, lookaheadAfter, type ShardPeek } from './lookahead.ts';
import { encodeManifest, listStored, readManifest } from './manifest.ts';
import { type PublishWorld, publishShard } from './publish-shard.ts';
import { quarantine, type ServedShard } from './quarantine.ts';
import { refineShard } from './refine-shard.ts';

export interface RefineWorld {
  readonly store: ObjectStore;
  /** Tells when a version is published; no value depends on it. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** sha256 of the code that refines; other code makes every shard anew. */
  readonly codeHash: string;
  /** True when the invocation should stop at the next shard boundary and hand back a cursor. */
  readonly outOfTime: () => boolean;
}

/**
 * Brings every shard of a series up to date with what has landed: candles, features, labels, gaps, checkpoint, manifest,
 * in the order of time, each shard going on from the checkpoint of the one before. A shard whose inputs, code and
 * predecessor are as its manifest says is left alone. While a shard is being written the next is computed already, but
 * nothing of it is written before the one in front of it is whole.
 */
export async function refine(input: RefineInput, world: RefineWorld): Promise<RefineResult> {
  const { runId, series } = input;
  const remake = new Set(input.remake);
  const written = new Set<Period>();
  let pass = await refineWhole(input, world, remake, written);
  // What landed meanwhile may have been refined by another run already, whose objects this pass has then put older ones
  // over. Its own shards are made again, whatever their manifests say, for those may be the other run's.
  while (pass.cursor === undefined && pass.written.size > 0 && (await pass.outdated())) {
    for (const period of pass.written) remake.add(period);
    pass = await refineWhole(input, world, remake, written);
  }
  const { cursor } = pass;
  if (cursor !== undefined && (await pass.outdated())) for (const period of pass.written) remake.add(period);
  const reports = pass.reports.map((report) => ({ ...report, recomputed: written.has(report.period) }));
  const counts = { shards: reports.length, recomputed: written.size };
  if (cursor !== undefined) {
    return { runId, series, done: false, cursor, ...(remake.size > 0 && { remake: [...remake] }), ...counts };
  }
  const report: SeriesReport = { series, shards: reports };
  await world.store.put(refineResultKey(runId, series), Buffer.from(`${JSON.stringify(report)}\n`));
  return { runId, series, done: true, ...counts };
}

interface RefinePass {
  readonly reports: readonly ShardReport[];
  /** Periods whose objects were put. */
  readonly written: ReadonlySet<Period>;
  /** Where to go on, when time ran out. */
  readonly cursor: Period | undefined;
  /** True where more has landed since the pass began. */
  outdated(): Promise<boolean>;
}

/** The state at the end of a shard cannot be gone on from: the shard has to be made again. */
class DamagedCheckpoint extends CorruptObject {
  readonly period: Period;

  constructor(period: Period, message: string) {
    super(message);
    this.period = period;
  }
}

/**
 * One pass to the end of the series, or of the time. Where it comes upon a damaged checkpoint it begins anew and makes
 * that shard again, out of the same inputs and so to the same bytes.
 */
async function refineWhole(
  { runId, series }: RefineInput,
  world: RefineWorld,
  remake: Set<Period>,
  written: Set<Period>,
): Promise<RefinePass> {
  for (;;) {
    try {
      return await refineLanded(series, { ...world, runId }, remake, written);
    } catch (error) {
      if (!(error instanceof DamagedCheckpoint) || remake.has(error.period)) throw error;
      remake.add(error.period);
    }
  }
}

/**
 * Brings every shard up to date with what has landed by now, and makes those to `remake` anew in any case, which are
 * struck off as they are done. Notes in `written` what it put.
 */
async function refineLanded(
  series: Series,
  world: RefineWorld & PublishWorld,
  remake: Set<Period>,
  written: Set<Period>,
): Promise<RefinePass> {
  const refiner = await createSeriesRefiner(series, world, remake);
  const shards: RefinedPeriod[] = [];
  const now = new Set<Period>();
  let cursor: Period | undefined;
  try {
    for (const period of refiner.periods) {
      if (now.size > 0 && world.outOfTime()) {
        cursor = period;
        break;
      }
      const shard = await refiner.bringUpToDate(period);
      if (!shard) continue;
      shards.push(shard);
      if (shard.recomputed) {
        now.add(period);
        written.add(period);
      }
    }
  } finally {
    await refiner.close();
  }
  const reports = await Promise.all(shards.map((shard) => shard.report));
  for (const period of now) remake.delete(period);
  return { reports, written: now, cursor, outdated: () => refiner.outdated() };
}

/** True where every shard of the series is as its manifest says and nothing would be recomputed. Reads, never writes. */
export async function isUpToDate(series: Series, world: RefineWorld): Promise<boolean> {
  const refiner = await createSeriesRefiner(series, { ...world, runId: '' });
  for (const period of refiner.periods) if (!(await refiner.leaveAlone(period))) return false;
  return true;
}

/** What a shard goes on from. */
interface SeriesState {
  readonly chain: string;
  readonly features: FeatureEngine;
  readonly labelMemory: LabelMemory;
}

interface SeriesRefiner {
  readonly periods: readonly Period[];
  /** The report of a shard that needs no work, or undefined where it does. */
  leaveAlone(period: Period): Promise<ShardReport | undefined>;
  /**
   * Makes the shard anew where it needs it. Undefined where nothing landed for it holds a candle, and none ever did: a
   * shard that lost all of them stays as an empty one. Comes back when the shard is computed; its report comes when it is
   * written.
   */
  bringUpToDate(period: Period): Promise<RefinedPeriod | undefined>;
  /** True where more has landed than when the series was looked at. */
  outdated(): Promise<boolean>;
  /** Waits until nothing is being written any more. Never throws: the reports do. */
  close(): Promise<void>;
}

interface RefinedPeriod {
  readonly recomputed: boolean;
  readonly report: Promise<ShardReport>;
}

async function createSeriesRefiner(
  series: Series,
  world: RefineWorld & PublishWorld,
  remake: ReadonlySet<Period> = new Set(),
): Promise<SeriesRefiner> {
  const { store, codeHash } = world;
  const { interval } = series;
  const [landing, stored, facts] = await Promise.all([
    listLanding(store, series),
    listStored(store, series),
    readFacts(store, series),
  ]);
  const periods = [...landing.periods.keys()];
  const inputsOf = (period: Period) => landing.periods.get(period)!;
  const decodings = new Map<Period, Promise<DecodedShard>>();
  const landedShard = (period: Period) =>
    memo(decodings, period, () => decodeShard(store, interval, period, inputsOf(period)));
  const life = await withoutFrozenTail(interval, lifeOf(interval, facts), facts, tail(periods, inputsOf, landedShard));
  const failed = await Promise.all(landing.failures.map((id) => readFailedChunk(store, interval, id)));
  const peek = createShardPeek({
    inputsOf,
    codeHash,
    life,
    read: (period) => readManifest(store, series, period),
    decode: landedShard,
    forget: (period) => decodings.delete(period),
  });
  const accountant = createAccountant({
    series,
    landing,
    failures: failed.flatMap((failure) => failure ?? []),
    life,
    decoded: (period) => peek.decoded(period),
  });

  let state: SeriesState | undefined;
  let writing: Promise<Manifest> | undefined;
  let previous: {
    readonly chain: string;
    readonly shard: { readonly period: Period; readonly checkpoint: Manifest['checkpoint'] } | undefined;
    readonly lastOpenTimeMs: number;
    readonly accountedUntilMs: number | undefined;
  } = {
    chain: '',
    shard: undefined,
    lastOpenTimeMs: Number.NaN,
    accountedUntilMs: undefined,
  };

  async function scopeOf(period: Period): Promise<AccountScope> {
    return { period, fromMs: previous.accountedUntilMs, followed: await isFollowed(period) };
  }

  async function isFollowed(period: Period): Promise<boolean> {
    for (const later of periods.slice(periods.indexOf(period) + 1)) {
      if (stored.has(tableKey('candles', series, later))) return true;
      const candles = (await peek.head(later))?.candles ?? (await peek.decoded(later)).candles.length;
      if (candles > 0) return true;
    }
    return false;
  }

  async function leaveAlone(period: Period): Promise<ShardReport | undefined> {
    const manifest = await peek.manifest(period);
    const unchanged =
      manifest !== undefined &&
      manifest.codeHash === codeHash &&
      manifest.previousChain === previous.chain &&
      sameInputs(manifest, inputsOf(period)) &&
      Object.values(manifest.outputs).every((output) => stored.get(output.key) === output.sizeBytes) &&
      stored.has(manifest.checkpoint.key);
    if (!unchanged) return undefined;
    const lookahead = await lookaheadAfter(period, periods, peek, labelHorizon(interval));
    if (lookahead.sha256 !== manifest.lookahead) return undefined;
    if (accountant.basis(await scopeOf(period)) !== manifest.ledger.basis) return undefined;
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
    const features = state?.features ?? borrowEngine(interval);
    features.reset();
    if (!previous.shard) return { features, labelMemory: emptyLabelMemory() };
    const { period, checkpoint: expected } = previous.shard;
    const { key } = expected;
    // A damaged state would go on into every later value without a word.
    const bytes = await store.get(key);
    const found = bytes ? sha256(bytes) : 'none';
    if (!bytes || found !== expected.sha256) {
      throw new DamagedCheckpoint(period, `${key} has sha256 ${found}, expected ${expected.sha256}`);
    }
    const checkpoint = decodeCheckpoint(bytes, key);
    if (checkpoint.chain !== previous.chain) {
      throw new CorruptObject(`checkpoint ${key} has chain ${checkpoint.chain}, expected ${previous.chain}`);
    }
    features.restore(checkpoint.engine);
    return { features, labelMemory: checkpoint.labels };
  }

  return {
    periods,
    leaveAlone,
    async bringUpToDate(period) {
      const untouched = remake.has(period) ? undefined : await leaveAlone(period);
      if (untouched) return { recomputed: false, report: Promise.resolve(untouched) };
      const shard = await peek.decoded(period);
      if (shard.candles.length === 0 && !stored.has(tableKey('candles', series, period))) return undefined;
      const lookahead: Lookahead = await lookaheadAfter(period, periods, peek, labelHorizon(interval));
      const scope = await scopeOf(period);
      const ledger = await accountant.ledger(scope, shard);
      const { features, labelMemory } = await stateAfterPrevious();
      const following = await lookahead.candles();
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
      peek.forget(period);
      await writing;
      writing = publishShard(world, {
        series,
        period,
        inputs: describeInputs(inputsOf(period)),
        codeHash,
        previousChain: shardBefore.chain,
        lookahead: lookahead.sha256,
        shard,
        ledger,
        lineage: { ...ledger.account, basis: accountant.basis(scope), ...servedPart(period, life) },
        refined,
        lookedAtMs: following.openTimeMs.at(-1) ?? shard.candles.openTimeMs.at(-1),
        lookedAt: lookahead.periods.flatMap((after) => inputsOf(after).map(landingKey)),
      });
      const report = writing.then((manifest) => reportOf(manifest, manifestKey(series, period), true));
      // Whoever waits for it hears of a failure; nobody may be waiting yet.
      report.catch(() => {});
      return { recomputed: true, report };
    },
    async outdated() {
      const [now, told] = await Promise.all([listLanding(store, series), listFacts(store, series)]);
      const names = (landed: Landing, said: readonly string[]) =>
        JSON.stringify([[...landed.periods], landed.failures, said]);
      return (
        names(now, told) !==
        names(
          landing,
          facts.map((fact) => fact.sha256),
        )
      );
    },
    async close() {
      await writing?.catch(() => {});
      if (state) returnEngine(interval, state.features);
    },
  };
}

function describeInputs(inputs: readonly LandedId[]): Manifest['inputs'] {
  return inputs.map((id) => ({
    key: landingKey(id),
    sha256: id.sha256,
    ...(id.superseded && { superseded: id.superseded }),
  }));
}

function sameInputs(manifest: Manifest, inputs: readonly LandedId[]): boolean {
  // Both come from a listing in key order.
  return (
    manifest.inputs.length === inputs.length &&
    manifest.inputs.every(({ key, superseded }, index) => {
      const input = inputs[index]!;
      return key === landingKey(input) && superseded === input.superseded;
    })
  );
}

function reportOf(manifest: Manifest, key: string, recomputed: boolean): ShardReport {
  return { ...manifest.report, manifestKey: key, manifestSha256: sha256(encodeManifest(manifest)), recomputed };
}

/** Where the life of the symbol begins or ends within a period. */
function servedPart(period: Period, life: Life): Pick<LedgerLineage, 'servedFromMs' | 'servedToMs'> {
  const { fromMs, toMs } = periodRange(period);
  return {
    ...(life.fromMs > fromMs && { servedFromMs: life.fromMs }),
    ...(life.toMs < toMs && { servedToMs: life.toMs }),
  };
}

/** The periods of a series from the last on, as they landed. */
async function* tail(
  periods: readonly Period[],
  inputsOf: (period: Period) => readonly LandedId[],
  decode: (period: Period) => Promise<DecodedShard>,
): AsyncGenerator<TailPart> {
  for (const period of periods.toReversed()) {
    const files = inputsOf(period).filter(({ source }) => source !== 'rest');
    const archivedUntilMs = Math.max(...files.map(({ range }) => range.toMs));
    yield { candles: (await decode(period)).candles, archivedUntilMs };
  }
}

interface PeekWorld {
  readonly inputsOf: (period: Period) => readonly LandedId[];
  readonly codeHash: string;
  readonly life: Life;
  readonly read: (period: Period) => Promise<Manifest | undefined>;
  readonly decode: (period: Period) => Promise<DecodedShard>;
  readonly forget: (period: Period) => void;
}

interface SeriesPeek extends ShardPeek {
  decoded(period: Period): Promise<ServedShard>;
}

/** Looks into shards, decoding each at most once and only where its manifest does not answer. */
function createShardPeek({ inputsOf, codeHash, life, read, decode, forget }: PeekWorld): SeriesPeek {
  const manifests = new Map<Period, Promise<Manifest | undefined>>();
  const served = new Map<Period, Promise<ServedShard>>();
  return {
    manifest: (period) => memo(manifests, period, () => read(period)),
    decoded: (period) => memo(served, period, async () => quarantine(await decode(period), life)),
    async head(period) {
      const manifest = await this.manifest(period);
      const part = servedPart(period, life);
      const stands =
        manifest?.codeHash === codeHash &&
        sameInputs(manifest, inputsOf(period)) &&
        manifest.ledger.servedFromMs === part.servedFromMs &&
        manifest.ledger.servedToMs === part.servedToMs;
      return stands ? manifest.head : undefined;
    },
    forget(period) {
      manifests.delete(period);
      served.delete(period);
      forget(period);
    },
  };
}

function memo<T>(known: Map<Period, T>, period: Period, make: () => T): T {
  const value = known.get(period) ?? make();
  known.set(period, value);
  return value;
}
