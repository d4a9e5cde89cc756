import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Table } from '../keys.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { rebuildVersion } from './rebuild-version.ts';

/**
 * A table of a version, made again from what had landed then. What code did it does not matter where the bytes are the same.
 * @returns undefined where others come out
 * @throws CorruptObject, UnexpectedFormat where what it was made from is gone, damaged or no longer read
 */
export async function remakeTable(
  lake: ObjectStore,
  version: VersionRecord,
  table: Table,
): Promise<Uint8Array | undefined> {
  const { key, sha256: expected } = version.manifest.outputs[table];
  const made = await (await rebuildVersion(lake, version)).get(key);
  return made && sha256(made) === expected ? made : undefined;
}
