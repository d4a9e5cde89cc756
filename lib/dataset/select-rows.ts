import { sha256 } from '../domain/sha256.ts';
import type { ObjectStore } from '../ports.ts';
import type { CutRows, DatasetRequest, NullNote, UsedRows } from './contract.ts';
import { type FeatureColumn, featureColumns, isNeverDefined } from './feature-columns.ts';
import { joinInterval } from './join-interval.ts';
import { labelSource } from './label-source.ts';
import { type LakeShard, listJoinedShards } from './lake-shards.ts';
import { filterPart, type PackPart } from './pack-part.ts';
import { readFeatures } from './read-features.ts';
import { readPart } from './read-part.ts';
import { weighOverRows } from './row-weights.ts';

/** The rows that a dataset is made of, with what was left out of it. */
export interface SelectedRows {
  readonly parts: readonly PackPart[];
  /** The shards of longer intervals, series by series. */
  readonly joined: readonly LakeShard[];
  readonly features: readonly FeatureColumn[];
  readonly inputs: readonly UsedRows[];
  readonly cut: CutRows;
  readonly nulls: NullNote;
}

/** Reads the rows of a request from its shards. Features are read for their hash and their nulls, and not kept. */
export async function selectRows(
  store: ObjectStore,
  request: DatasetRequest,
  shards: readonly LakeShard[],
): Promise<SelectedRows> {
  const wanted = featureColumns(request);
  const isDropped = request.nulls === 'drop';
  const leftOut = isDropped ? wanted.filter(isNeverDefined) : [];
  const features = wanted.filter((column) => !leftOut.includes(column));
  const nulls = { rows: 0, columns: new Map<string, number>() };
  const cut = { undecided: 0, noLabel: 0, nullFeature: 0 };
  const parts: PackPart[] = [];
  const inputs: UsedRows[] = [];
  const joined: LakeShard[] = [];
  for (const symbol of request.symbols) {
    const read: PackPart[] = [];
    for (const shard of shards.filter(({ series }) => series.symbol === symbol)) {
      const { part, undecided, noLabel } = await readPart(store, shard, request);
      if (!request.withUnlabelled) cut.undecided += undecided;
      cut.noLabel += noLabel;
      if (part.t0.length > 0) read.push(part);
    }
    const { market } = request;
    let own: readonly PackPart[] = read;
    for (const interval of request.joined) {
      const longer = await listJoinedShards(store, { market, symbol, interval }, request);
      joined.push(...longer);
      own = await joinInterval(store, own, interval, longer);
    }
    for (const part of own) {
      const values = await readFeatures(store, part, features);
      const hasNull = countNulls(part, values, nulls);
      const kept = isDropped ? filterPart(part, (row) => !hasNull[row]) : part;
      cut.nullFeature += part.t0.length - kept.t0.length;
      if (kept.t0.length === 0) continue;
      parts.push(kept);
      const rows = kept.t0.length;
      const hash = hashOf(kept, values, (row) => !isDropped || !hasNull[row]);
      inputs.push({ symbol, period: part.shard.period, rows, sha256: hash });
    }
  }
  if (labelSource(request.label).weight === 'over_rows') weighOverRows(parts);
  const columns = Object.fromEntries(nulls.columns);
  const note = { rule: request.nulls, rows: nulls.rows, columns, leftOut: leftOut.map(({ name }) => name) };
  return { parts, joined, features, inputs, cut, nulls: note };
}

/** Adds the nulls of a part to the counts. Returns which rows have one. */
function countNulls(
  part: PackPart,
  values: ReadonlyMap<string, Float64Array>,
  nulls: { rows: number; readonly columns: Map<string, number> },
): Uint8Array {
  const hasNull = new Uint8Array(part.t0.length);
  for (const [name, column] of values) {
    let count = 0;
    for (let row = 0; row < column.length; row++) {
      if (!Number.isNaN(column[row])) continue;
      hasNull[row] = 1;
      count++;
    }
    if (count > 0) nulls.columns.set(name, (nulls.columns.get(name) ?? 0) + count);
  }
  nulls.rows += hasNull.reduce((sum, has) => sum + has, 0);
  return hasNull;
}

/**
 * The hash of all values that the rows bring into a pack. Two lakes with the same values of these rows have the same.
 */
function hashOf(part: PackPart, features: ReadonlyMap<string, Float64Array>, isKept: (row: number) => boolean): string {
  const { openTimeMs, t1, label, weight, direction, open, close, joined } = part;
  const own = Object.entries({ openTimeMs, t1, label, weight, direction, open, close });
  const known = joined.map(({ interval, knownAtMs }) => [`known_at ${interval}`, knownAtMs] as const);
  const kept = [...features].map(([name, values]) => [name, values.filter((_, row) => isKept(row))] as const);
  const hashes = [...own, ...known, ...kept].map(([name, { buffer, byteOffset, byteLength }]) => [
    name,
    sha256(new Uint8Array(buffer, byteOffset, byteLength)),
  ]);
  return sha256(JSON.stringify(hashes));
}
