import type { Period } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { holdsNone } from '../empty-lake.ts';
import { parseKeptKey } from '../keys.ts';
import { listDatasetIds, readDatasetRecord } from './dataset-record.ts';
import { holderOf, listHistories, type ShardHistory } from './shard-history.ts';

/** A kept table that nothing needs any more. */
export interface PrunableTable {
  readonly key: string;
  readonly sizeBytes: number;
  readonly series: Series;
  readonly period: Period;
  /** When its version was replaced. */
  readonly replacedAtMs: number;
}

/**
 * Lists the kept tables whose versions were replaced before an instant and that no dataset id needs. An id needs the
 * tables of the versions that it names, and the tables that those are cut out of. Records of versions are never
 * removed, so a request for a pruned version gets an error that says so.
 * @throws BadInput if the lake has no versions
 */
export async function prunable(lake: ObjectStore, beforeMs: number): Promise<PrunableTable[]> {
  const histories = await listHistories(lake);
  if (histories.length === 0) throw holdsNone(lake.url, 'versions');
  // Datasets are read last: one that is recorded meanwhile names current shards.
  const needed = await namedTables(lake, histories);
  return histories.flatMap((history) =>
    [...history.kept].flatMap(([key, sizeBytes]) => {
      const replacedAtMs = lastReplacedMs(history, key);
      if (needed.has(key) || replacedAtMs >= beforeMs) return [];
      return [{ key, sizeBytes, series: history.series, period: history.period, replacedAtMs }];
    }),
  );
}

/** Returns the time when the version of a kept table was replaced last; infinity if it is current or has no record. */
function lastReplacedMs({ versions }: ShardHistory, key: string): number {
  const { manifestSha256 } = parseKeptKey(key)!;
  const last = versions.findLastIndex(({ manifest12 }) => manifestSha256.startsWith(manifest12));
  return last < 0 ? Number.POSITIVE_INFINITY : (versions[last + 1]?.publishedAtMs ?? Number.POSITIVE_INFINITY);
}

/** Returns the keys of the kept tables that dataset ids need. */
async function namedTables(lake: ObjectStore, histories: readonly ShardHistory[]): Promise<Set<string>> {
  const shardName = (series: Series, period: Period) => `${seriesName(series)}/${period}`;
  const byShard = new Map(histories.map((history) => [shardName(history.series, history.period), history]));
  const needed = new Set<string>();
  for (const id of await listDatasetIds(lake)) {
    const record = await readDatasetRecord(lake, id);
    for (const { series, period, manifestSha256, outputs, named } of record?.shards ?? []) {
      const history = named ? byShard.get(shardName(series, period)) : undefined;
      history?.versions.forEach((version, index) => {
        if (!manifestSha256.startsWith(version.manifest12)) return;
        for (const table of Object.keys(outputs)) {
          const holder = holderOf(history, index, table);
          if (holder) needed.add(holder.key);
        }
      });
    }
  }
  return needed;
}
