import { CorruptObject, UnexpectedFormat } from '../../domain/errors.ts';
import type { Table } from '../../domain/tables.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { tableKey } from '../keys.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { restoreTable } from '../versions/kept-tables.ts';
import { holderOf, type ShardAsOf, type ShardHistory, versionOf } from '../versions/shard-history.ts';
import { rebuildVersion } from './rebuild.ts';

/** The object that contains a table of a version. */
interface TablePlace {
  readonly key: string;
  /** True if the object is the table itself; false if the table must be cut out of it. */
  readonly whole: boolean;
}

/**
 * Finds the object that contains a table of a version.
 * @param index of the version in the history
 */
export async function placeOf(
  store: ObjectStore,
  history: ShardHistory,
  index: number,
  version: VersionRecord,
  table: Table,
): Promise<TablePlace> {
  const { series, period, versions } = history;
  const holder = holderOf(history, index, table);
  const at = holder?.index ?? versions.length - 1;
  const holding = at === index ? version : await versionOf(store, versions[at]!);
  const whole = holding.manifest.outputs[table].sha256 === version.manifest.outputs[table].sha256;
  return { key: holder?.key ?? tableKey(table, series, period), whole };
}

/**
 * Reads the exact bytes of a table of a version: the kept object, or its rows cut out of a later table that grew from
 * it. If neither exists, the table is rebuilt from what had landed. That can happen if two runs replaced a shard at
 * once.
 * @param codeHash of the code that runs
 * @throws CorruptObject if the bytes are not available
 */
export async function readVersionTable(
  store: ObjectStore,
  { history, index, version }: ShardAsOf,
  table: Table,
  codeHash: string,
): Promise<Uint8Array> {
  const { key } = await placeOf(store, history, index, version, table);
  const there = await store.get(key);
  const bytes = there && (await restoreTable(table, there, version));
  if (bytes) return bytes;
  const { publishedAtMs, manifest } = version;
  const what = `${manifest.outputs[table].key} as of ${isoTime(publishedAtMs)} is not kept`;
  if (manifest.codeHash !== codeHash) {
    throw new CorruptObject(`${what}, and was made by other code than this, ${manifest.codeHash}`);
  }
  const made = await rebuildVersion(store, version).then(
    (rebuilt) => rebuilt.get(manifest.outputs[table].key),
    (error: unknown) => {
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      throw new CorruptObject(`${what}, and cannot be made again: ${error.message}`, { cause: error });
    },
  );
  if (made && (await restoreTable(table, made, version))) return made;
  throw new CorruptObject(`${what}, and what had landed makes another: expected ${manifest.outputs[table].sha256}`);
}
