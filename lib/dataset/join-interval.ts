import type { Interval } from '../domain/interval.ts';
import { readOutput } from '../lake/manifest/read-output.ts';
import { readColumns } from '../parquet/read-columns.ts';
import type { ObjectStore } from '../ports.ts';
import { lastKnownBy } from './as-of.ts';
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
  for (const { features } of shards) {
    const { known_at } = await readColumns(await readOutput(store, features), ['known_at']);
    columns.push(known_at);
  }
  const knownAtMs = Float64Array.from(columns.flatMap((column) => [...column]));
  return parts.map((part) => {
    const row = lastKnownBy(knownAtMs, part.t0);
    const known = Float64Array.from(row, (at) => (at < 0 ? Number.NaN : knownAtMs[at]));
    return { ...part, joined: [...part.joined, { interval, shards, row, knownAtMs: known }] };
  });
}
