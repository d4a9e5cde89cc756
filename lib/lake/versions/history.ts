import { BadInput } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { filterText, isSelected, type SeriesWords } from '../../domain/series-filter.ts';
import type { ObjectStore } from '../../ports.ts';
import { holdsNone } from '../empty-lake.ts';
import { parseKeptKey } from '../keys.ts';
import type { VersionRecord } from './contract.ts';
import { listHistories, type ShardHistory, versionOf } from './shard-history.ts';

/** The shards of a request. A field that is left out selects all. */
interface HistoryRequest extends SeriesWords {
  readonly period?: Period | undefined;
}

/** One version of a shard, and its differences from the one before. */
export interface VersionEntry
  extends Pick<VersionRecord, 'manifestSha256' | 'publishedAtMs' | 'runId' | 'reason' | 'revision'> {
  readonly candles: number;
  readonly codeHash: string;
  /** Landed objects that it was made from and the one before was not, and the reverse. */
  readonly inputsAdded: readonly string[];
  readonly inputsRemoved: readonly string[];
  /** Its tables that are kept, because a later version restated them. */
  readonly kept: readonly string[];
  /** Its tables that were kept and then pruned. */
  readonly keptNoMore: readonly string[];
}

/** The versions of a shard for a listing. */
export interface ShardEntries {
  readonly series: Series;
  readonly period: Period;
  /** Oldest first. */
  readonly versions: readonly VersionEntry[];
}

/** Lists the versions of shards with the reason of each. @throws BadInput if there is no such shard */
export async function history(request: HistoryRequest, store: ObjectStore): Promise<ShardEntries[]> {
  const all = await listHistories(store);
  const ofSeries = all.filter(({ series }) => isSelected(request, series));
  const chosen = ofSeries.filter(({ period }) => request.period === undefined || request.period === period);
  if (chosen.length === 0) throw nothingFound(request, all, ofSeries, store.url);
  const shards: ShardEntries[] = [];
  for (const shard of chosen) {
    const records: VersionRecord[] = [];
    for (const id of shard.versions) records.push(await versionOf(store, id));
    const versions = records.map((record, index) => entryOf(record, records[index - 1], records, shard));
    shards.push({ series: shard.series, period: shard.period, versions });
  }
  return shards;
}

function nothingFound(
  request: HistoryRequest,
  all: readonly ShardHistory[],
  ofSeries: readonly ShardHistory[],
  lake: string,
): BadInput {
  if (all.length === 0) return holdsNone(lake, 'versions');
  const asked = filterText(request);
  if (ofSeries.length === 0) {
    const known = ofAll(all.map(({ series }) => seriesName(series)));
    return new BadInput(`lake at ${lake} has no versions of ${asked}; it has those of ${known}`);
  }
  const known = ofAll(ofSeries.map((shard) => shard.period));
  const which = asked === '' ? '' : ` of ${asked}`;
  return new BadInput(`lake at ${lake} has no versions of shard ${request.period}${which}; it has those of ${known}`);
}

const MOST_NAMED = 5;

/** Returns the first few distinct names, and the number of the others. */
function ofAll(names: readonly string[]): string {
  const known = [...new Set(names)];
  const more = known.length - MOST_NAMED;
  return known.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function entryOf(
  record: VersionRecord,
  before: VersionRecord | undefined,
  all: readonly VersionRecord[],
  { kept }: ShardHistory,
): VersionEntry {
  const { manifest, manifestSha256, publishedAtMs, runId, reason, revision } = record;
  const keys = ({ manifest: of }: VersionRecord) => of.inputs.map(({ key }) => key);
  const [now, then] = [new Set(keys(record)), new Set(before ? keys(before) : [])];
  const tables = [...kept.keys()].flatMap((key) => {
    const id = parseKeptKey(key)!;
    return id.manifestSha256 === manifestSha256 ? [id.table] : [];
  });
  const restated = all.flatMap((later) => (later.replaces === manifestSha256 ? later.restated : []));
  return {
    manifestSha256,
    publishedAtMs,
    runId,
    reason,
    ...(revision && { revision }),
    candles: manifest.report.candles,
    codeHash: manifest.codeHash,
    inputsAdded: [...now].filter((key) => !then.has(key)),
    inputsRemoved: [...then].filter((key) => !now.has(key)),
    kept: tables,
    keptNoMore: [...new Set(restated)].filter((table) => !tables.includes(table)).sort(),
  };
}
