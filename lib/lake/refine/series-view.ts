import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { getOrCompute } from '../get-or-compute.ts';
import { landingKey } from '../keys.ts';
import { createSeriesInputs, type SeriesInputs } from '../landing/series-inputs.ts';
import { type RecordedFailure, readFailedChunk } from '../ledger/failed-chunk.ts';
import { type TailPart, withoutFrozenTail } from '../ledger/frozen-tail.ts';
import { quarantine, type ServedShard } from '../ledger/quarantine.ts';
import { createSeriesLedger, type SeriesLedger } from '../ledger/series-ledger.ts';
import {
  hasServedPart,
  type LandedFact,
  listFacts,
  readFacts,
  type SymbolLife,
  symbolLife,
} from '../ledger/symbol-life.ts';
import type { Manifest } from '../manifest/contract.ts';
import { listStored, readManifest } from '../manifest/manifest.ts';
import type { Published } from '../manifest/replace-shard.ts';
import type { LookaheadSource } from './lookahead.ts';

/**
 * Everything that one pass knows about a series. It is made once. Objects that land later do not change it: large ones
 * are read when they are needed, by the keys that were listed at the beginning.
 */
export interface SeriesView extends LookaheadSource {
  readonly series: Series;
  readonly codeHash: string;
  /** The published objects of the series, by key. */
  readonly published: Published;
  /** The periods for which something landed, in the order of time. */
  readonly periods: readonly Period[];
  readonly inputs: SeriesInputs;
  readonly facts: readonly LandedFact[];
  readonly failures: readonly RecordedFailure[];
  readonly life: SymbolLife;
  /** The periods that were read to find the end of the life. */
  readonly lifePeriods: readonly Period[];
  readonly ledger: SeriesLedger;
  /** The keys of the newest version records by period. Publishing a shard changes its entry. */
  readonly newestVersions: Map<Period, string>;
  manifest(period: Period): Promise<Manifest | undefined>;
  /** Returns the candles of a period that are served, decoded at most once. */
  served(period: Period): Promise<ServedShard>;
  /** Drops what was read of a shard that is done. */
  forget(period: Period): void;
  /** Returns true if more has landed since the view was made. */
  isOutdated(): Promise<boolean>;
}

export async function viewSeries(
  series: Series,
  { store, codeHash }: { readonly store: ObjectStore; readonly codeHash: string },
): Promise<SeriesView> {
  const { interval } = series;
  // Published objects are listed first. So if another run publishes a shard, this run knows at least what it was made
  // from.
  const published = await listStored(store, series);
  const [inputs, facts] = await Promise.all([createSeriesInputs(store, series), readFacts(store, series)]);
  const { landing } = inputs;
  const periods = [...landing.periods.keys()];
  const lifePeriods: Period[] = [];
  const tail = tailOf(periods, inputs, lifePeriods);
  const life = await withoutFrozenTail(interval, symbolLife(interval, facts), facts, tail);
  const failed = await Promise.all(landing.failures.map((id) => readFailedChunk(store, interval, id)));
  const failures = failed.flatMap((failure) => failure ?? []);

  const manifests = new Map<Period, Promise<Manifest | undefined>>();
  const shards = new Map<Period, Promise<ServedShard>>();
  const manifest = (period: Period) => getOrCompute(manifests, period, () => readManifest(store, series, period));
  const served = (period: Period) =>
    getOrCompute(shards, period, async () => quarantine(await inputs.decoded(period), life));
  return {
    series,
    codeHash,
    published,
    periods,
    inputs,
    facts,
    failures,
    life,
    lifePeriods,
    ledger: createSeriesLedger({ series, inputs, failures, life, served }),
    newestVersions: new Map(inputs.newest),
    manifest,
    served,
    async head(period) {
      const known = await manifest(period);
      const isCurrent =
        known?.codeHash === codeHash &&
        hasServedPart(known.ledger, period, life) &&
        (await inputs.isMadeFrom(known, period));
      return isCurrent ? known.head : undefined;
    },
    forget(period) {
      manifests.delete(period);
      shards.delete(period);
      inputs.forget(period);
    },
    async isOutdated() {
      const [hasLanded, hashes] = await Promise.all([inputs.outdated(), listFacts(store, series)]);
      return hasLanded || hashes.join() !== facts.map((fact) => fact.sha256).join();
    },
  };
}

/** Yields the periods of a series as they landed, from the last on. Adds each to `read`. */
async function* tailOf(periods: readonly Period[], inputs: SeriesInputs, read: Period[]): AsyncGenerator<TailPart> {
  for (const period of periods.toReversed()) {
    read.push(period);
    const { candles, inputs: landed, unreadable } = await inputs.decoded(period);
    const unread = new Set(unreadable.map(({ key }) => key));
    const files = landed.filter((id) => id.source !== 'rest' && !unread.has(landingKey(id)));
    yield { candles, archivedUntilMs: Math.max(...files.map(({ range }) => range.toMs)) };
  }
}
