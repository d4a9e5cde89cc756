import type { ObjectStore } from '../../ports.ts';
import { type Table, tableKey } from '../keys.ts';
import type { VersionRecord } from './contract.ts';
import { restoreTable } from './restore-table.ts';
import { keptKeyOf } from './version-record.ts';

/**
 * Copies tables of a version away before their objects are replaced. Where a run that grew the shard stopped half-way,
 * the version is cut out of what that left. A table that is damaged, and so is not what was published, is not kept.
 * @returns the tables as they were published, by name
 */
export async function keepVersion(
  store: ObjectStore,
  version: VersionRecord,
  tables: readonly Table[],
): Promise<ReadonlyMap<Table, Uint8Array>> {
  const { series, period } = version.manifest;
  const found = new Map<Table, Uint8Array>();
  for (const table of tables) {
    const key = keptKeyOf(version, table);
    const kept = await store.get(key);
    const there = kept ?? (await store.get(tableKey(table, series, period)));
    const bytes = there && (await restoreTable(table, there, version));
    if (!bytes) continue;
    found.set(table, bytes);
    if (!kept) await store.put(key, bytes);
  }
  return found;
}
