import { BadInput } from '../domain/errors.ts';
import { sha256 } from '../domain/sha256.ts';
import { isoTime } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetManifest, DatasetRequest } from './contract.ts';
import { type LakeShard, listLakeShards } from './lake-shards.ts';

/** A dataset before anything of it is made. */
export interface DatasetIdentity extends Pick<DatasetManifest, 'id' | 'request' | 'inputs'> {
  readonly shards: readonly LakeShard[];
}

/**
 * The dataset that a request stands for today; its id is a hash of the inputs, the code and the request.
 * @throws BadInput where a series, or anything of the range, is not in the lake; Error where a shard is being made anew
 */
export async function identify(
  request: DatasetRequest,
  { store, codeHash }: { readonly store: ObjectStore; readonly codeHash: string },
): Promise<DatasetIdentity> {
  const shards = await listLakeShards(store, request);
  if (shards.length === 0) throw tooFewRows(request, 0);
  const inputs = shards.flatMap(({ features, labels }) =>
    [features, labels].map(({ key, sha256 }) => ({ key, sha256 })),
  );
  const id = sha256(JSON.stringify({ inputs, codeHash, request }));
  return { id, request, inputs, shards };
}

/** What a request asks for, in words. */
export function rowsWanted({ label, symbols, interval, fromMs, toMs }: DatasetRequest): string {
  return `${label} of ${symbols.join(', ')} at ${interval} from ${isoTime(fromMs)} to ${isoTime(toMs)}`;
}

export function tooFewRows(request: DatasetRequest, rows: number): BadInput {
  const blocks = request.folds + 1;
  return new BadInput(
    `lake has ${rows} rows with ${rowsWanted(request)}, expected enough for ${blocks} blocks of time`,
  );
}
