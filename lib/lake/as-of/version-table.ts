import { CorruptObject, UnexpectedFormat } from '../../domain/errors.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { parseKeptKey, type Table, tableKey } from '../keys.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { restoreTable } from '../versions/restore-table.ts';
import { type ShardAsOf, type ShardHistory, versionOf } from '../versions/shard-history.ts';
import { rebuildVersion } from './rebuild-version.ts';

/** Where a table of a version is to be had. */
export interface TablePlace {
  readonly key: string;
  /** True where the object there is the table itself, false where the table has to be cut out of it. */
  readonly whole: boolean;
}

/** A table that is kept, and whose it is. */
export interface Holder {
  readonly key: string;
  /** Which of the versions of the history. */
  readonly index: number;
}

/**
 * The kept table that one of a version is to be had from: its own, or, because nothing was kept when the shard only grew,
 * that of the first version after it that was restated. Undefined where it is the object in place.
 */
export function holderOf({ versions, kept }: ShardHistory, index: number, table: string): Holder | undefined {
  const keptOf = new Map<string, string>();
  for (const key of kept.keys()) {
    const id = parseKeptKey(key)!;
    if (id.table === table) keptOf.set(id.manifestSha256.slice(0, 12), key);
  }
  const holder = versions.findIndex((id, at) => at >= index && keptOf.has(id.manifest12));
  return holder < 0 ? undefined : { key: keptOf.get(versions[holder]!.manifest12)!, index: holder };
}

/**
 * Where a table of a version of a shard is.
 * @param index which of the versions of the history
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
 * The bytes of a table of a shard as it stood, its very own: those that are kept, or cut out of what grew from them. Where
 * neither is to be had, as when two runs at once put theirs over each other's, it is made again from what had landed.
 * @param codeHash of the code running
 * @throws CorruptObject where they are nowhere to be had
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
