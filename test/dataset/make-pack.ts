import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import type { DatasetInput, DatasetManifest } from '../../lib/dataset/contract.ts';
import { makePack } from '../../lib/dataset/dataset.ts';
import { parseDatasetRequest, withRange } from '../../lib/dataset/dataset-request.ts';
import { identify } from '../../lib/dataset/identify.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readParquet } from '../support/parquet.ts';

export type PackRow = Readonly<Record<string, unknown>>;

export interface MadePack {
  readonly out: string;
  readonly manifest: DatasetManifest;
  readonly rows: readonly PackRow[];
}

/** Writes the pack of a request. */
export async function dataset(
  input: DatasetInput,
  context: { readonly store: ObjectStore; readonly out: ObjectStore; readonly codeHash: string },
): Promise<DatasetManifest> {
  const request = parseDatasetRequest(await withRange(input, context.store));
  return makePack(await identify(request, context), { ...context, encodeTable });
}

/** Makes a pack of a lake in a new folder and reads its rows back. */
export async function makePackOf(lake: string, input: DatasetInput): Promise<MadePack> {
  const out = temporaryFolder();
  const world = { store: folderObjectStore(lake), out: folderObjectStore(out) };
  const manifest = await dataset(input, { ...world, codeHash: 'code' });
  const names = readdirSync(join(out, 'data')).sort();
  const rows = (await Promise.all(names.map((name) => readParquet(join(out, 'data', name))))).flat();
  return { out, manifest, rows };
}

/** Epoch milliseconds of a timestamp that was read back. */
export function msOf(value: unknown): number {
  return (value as Date).getTime();
}
