import { sha256 } from '../domain/sha256.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRequest } from './contract.ts';
import { type LakeShard, listLakeShards } from './lake-shards.ts';
import { type SelectedRows, selectRows } from './select-rows.ts';
import { tooFewRows } from './too-few-rows.ts';

/** A dataset before anything of it is written. */
export interface DatasetIdentity extends SelectedRows {
  readonly id: string;
  readonly request: DatasetRequest;
  readonly shards: readonly LakeShard[];
}

/**
 * Returns the dataset of a request. Its id is a hash of the values of the rows that it uses, the code and the request.
 * So candles before and after those rows do not change it, unless they change a value of such a row.
 * @throws BadInput if a series, or anything of the range, is not in the lake; Error while a shard is being rewritten
 */
export async function identify(
  request: DatasetRequest,
  { store, codeHash }: { readonly store: ObjectStore; readonly codeHash: string },
): Promise<DatasetIdentity> {
  const shards = await listLakeShards(store, request);
  if (shards.length === 0) throw tooFewRows(request, 0);
  const selected = await selectRows(store, request, shards);
  const id = sha256(JSON.stringify({ inputs: selected.inputs, codeHash, request }));
  return { id, request, shards, ...selected };
}
