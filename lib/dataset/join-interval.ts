import type { Interval } from '../domain/interval.ts';
import { readOutput } from '../lake/manifest/read-output.ts';
import { readColumns } from '../parquet/read-columns.ts';
import type { ObjectStore } from '../ports.ts';
import type { LakeShard } from './lake-shards.ts';
import type { PackPart } from './pack-part.ts';

/** Joins the parts of one symbol with the rows of a longer interval that were known when each row was. */
export async function joinInterval(
  store: ObjectStore,
  parts: readonly PackPart[],
  interval: Interval,
  shards: readonly LakeShard[],
): Promise<PackPart[]> {
  const columns: Float64Array[] = [];
  for (const { manifest } of shards) {
    const { known_at } = await readColumns(await readOutput(store, manifest.outputs.features), ['known_at']);
    columns.push(known_at);
  }
  const knownAtMs = Float64Array.from(columns.flatMap((column) => [...column]));
  return parts.map((part) => {
    const row = lastKnownBy(knownAtMs, part.t0);
    const known = Float64Array.from(row, (at) => (at < 0 ? Number.NaN : knownAtMs[at]));
    return { ...part, joined: [...part.joined, { interval, shards, row, knownAtMs: known }] };
  });
}

/**
 * Returns, for each instant, the last row that was known by then, or -1 if none was. Both lists ascend. Of several rows
 * known at one instant it is the last.
 */
export function lastKnownBy(knownAtMs: Float64Array, instants: Float64Array): Int32Array {
  const found = new Int32Array(instants.length);
  let next = 0;
  for (let i = 0; i < instants.length; i++) {
    while (next < knownAtMs.length && knownAtMs[next] <= instants[i]) next++;
    found[i] = next - 1;
  }
  return found;
}
