import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import type { DatasetInput, DatasetManifest } from '../../lib/dataset/contract.ts';
import { dataset } from '../../lib/dataset/dataset.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readParquet } from '../support/parquet.ts';

export type PackRow = Readonly<Record<string, unknown>>;

export interface MadePack {
  readonly out: string;
  readonly manifest: DatasetManifest;
  readonly rows: readonly PackRow[];
}

/** Makes a pack of a lake in a new folder and reads its rows back. */
export async function makePackOf(lake: string, input: DatasetInput): Promise<MadePack> {
  const out = temporaryFolder();
  const world = { store: folderObjectStore(lake), out: folderObjectStore(out) };
  const manifest = await dataset(input, { ...world, codeHash: 'code', encodeTable });
  const names = readdirSync(join(out, 'data')).sort();
  const rows = (await Promise.all(names.map((name) => readParquet(join(out, 'data', name))))).flat();
  return { out, manifest, rows };
}

/** Epoch milliseconds of a timestamp that was read back. */
export function msOf(value: unknown): number {
  return (value as Date).getTime();
}
