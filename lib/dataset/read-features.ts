import { readOutput } from '../lake/manifest/read-output.ts';
import { readColumns } from '../parquet/read-columns.ts';
import type { ObjectStore } from '../ports.ts';
import type { FeatureColumn } from './feature-columns.ts';
import type { LakeShard } from './lake-shards.ts';
import type { PackPart } from './pack-part.ts';

/** Reads feature columns of the rows of a part, by the names that the pack gives them. A null is NaN. */
export async function readFeatures(
  store: ObjectStore,
  part: PackPart,
  wanted: readonly FeatureColumn[],
): Promise<Map<string, Float64Array>> {
  const found = new Map(wanted.map(({ name }) => [name, new Float64Array(part.t0.length).fill(Number.NaN)]));
  const { interval } = part.shard.series;
  const sources = [{ interval, shards: [part.shard], row: part.row }, ...part.joined];
  for (const { interval, shards, row } of sources) {
    const columns = wanted.filter((column) => column.interval === interval);
    let first = 0;
    for (const shard of shards) {
      if (columns.length > 0) await pick(store, shard, columns, { row, first }, found);
      first += shard.manifest.outputs.features.rows;
    }
  }
  return found;
}

/** Copies the values of those rows that lie in one shard, whose rows are counted from `first`. */
async function pick(
  store: ObjectStore,
  { manifest }: LakeShard,
  columns: readonly FeatureColumn[],
  { row, first }: { readonly row: Uint32Array | Int32Array; readonly first: number },
  found: ReadonlyMap<string, Float64Array>,
): Promise<void> {
  const { features } = manifest.outputs;
  const end = first + features.rows;
  if (!row.some((at) => at >= first && at < end)) return;
  const names = columns.map(({ feature }) => feature);
  const read = await readColumns(await readOutput(store, features), names);
  for (const { name, feature } of columns) {
    const [from, to] = [read[feature], found.get(name)!];
    for (let i = 0; i < row.length; i++) if (row[i] >= first && row[i] < end) to[i] = from[row[i] - first];
  }
}
