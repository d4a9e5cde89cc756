import { sha256 } from '../domain/sha256.ts';
import type { ColumnSchema } from '../domain/table-schema.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetLabel, EncodeTable, PackColumn, PackFile } from './contract.ts';
import { readOutput } from './lake-shards.ts';
import type { ShardRows } from './pack-rows.ts';
import { packSchema, SCALING_SCHEMA } from './pack-schema.ts';
import { readColumns } from './read-columns.ts';
import { type ScalingStatistics, scalingOf, trainingGroups } from './scaling.ts';

export interface WritePackInput {
  readonly store: ObjectStore;
  readonly out: ObjectStore;
  readonly encodeTable: EncodeTable;
  readonly label: DatasetLabel;
  readonly features: readonly ColumnSchema[];
  readonly parts: readonly ShardRows[];
  /** Block and roles of all rows, part after part. */
  readonly block: Uint8Array;
  readonly folds: readonly string[];
  readonly roles: readonly Int8Array[];
  /** Bytes of feature values held at once for the statistics, which need a whole column. */
  readonly memoryBytes?: number;
}

const MEMORY_BYTES = 512 * 1024 * 1024;

/** Writes the rows, shard by shard, and the statistics, as many features at a time as fit in memory. */
export async function writePack(input: WritePackInput): Promise<PackFile[]> {
  const { store, parts, features, folds, roles, block, memoryBytes = MEMORY_BYTES } = input;
  const groups = trainingGroups(roles, block.length);
  const names = features.map(({ name }) => name);
  const atOnce = Math.max(1, Math.floor(memoryBytes / (4 * block.length)));
  const statistics = new Map<string, readonly ScalingStatistics[]>();
  const files: PackFile[] = [];
  for (let first = 0; first < names.length; first += atOnce) {
    const held = names.slice(first, first + atOnce);
    const values = new Map(held.map((name) => [name, new Float32Array(block.length)]));
    let at = 0;
    for (const rows of parts) {
      // The first time round all features are read, to be written.
      const wanted = first === 0 ? names : held;
      const bytes = await readOutput(store, rows.shard.features);
      const columns = await readColumns(bytes, rows.shard.features.rows, wanted);
      const picked = new Map(wanted.map((name) => [name, pick(columns[name], rows.featureRow)]));
      for (const name of held) values.get(name)!.set(picked.get(name)!, at);
      if (first === 0) files.push(await writeRows(input, rows, at, picked));
      at += rows.t0.length;
    }
    for (const name of held) statistics.set(name, scalingOf(values.get(name)!, groups, folds.length));
  }
  files.push(await writeScaling(input, statistics));
  return files;
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]];
  return picked;
}

async function writeRows(
  { out, encodeTable, label, features, folds, roles, block }: WritePackInput,
  rows: ShardRows,
  at: number,
  values: ReadonlyMap<string, Float64Array>,
): Promise<PackFile> {
  const { series, period } = rows.shard;
  const length = rows.t0.length;
  const numbers = (of: Int8Array | Uint8Array) => Float64Array.from(of.subarray(at, at + length));
  const columns = new Map<string, PackColumn>([
    ['symbol', { words: [series.symbol], codes: new Uint8Array(length) }],
    ['open_time', rows.openTimeMs],
    ['t0', rows.t0],
    ['t1', rows.t1],
    ...values,
    ['label', rows.label],
    ['weight', rows.weight],
    ['block', numbers(block)],
    ...folds.map((name, fold) => [name, numbers(roles[fold])] as const),
  ]);
  const bytes = await encodeTable(packSchema(features, label, folds), length, columns);
  return putFile(out, `data/${series.symbol}-${period}.parquet`, bytes, length);
}

async function writeScaling(
  { out, encodeTable, features, folds }: WritePackInput,
  statistics: ReadonlyMap<string, readonly ScalingStatistics[]>,
): Promise<PackFile> {
  const names = features.map(({ name }) => name);
  const length = folds.length * names.length;
  const cells = folds.flatMap((_, fold) => names.map((name) => statistics.get(name)![fold]));
  const column = (of: keyof ScalingStatistics) => Float64Array.from(cells, (cell) => cell[of]);
  const columns = new Map<string, PackColumn>([
    ['fold', { words: folds, codes: Uint8Array.from({ length }, (_, i) => Math.floor(i / names.length)) }],
    ['feature', { words: names, codes: Uint8Array.from({ length }, (_, i) => i % names.length) }],
    ['count', column('count')],
    ['mean', column('mean')],
    ['std', column('std')],
    ['median', column('median')],
    ['iqr', column('iqr')],
  ]);
  return putFile(out, 'scaling.parquet', await encodeTable(SCALING_SCHEMA, length, columns), length);
}

async function putFile(out: ObjectStore, key: string, bytes: Uint8Array, rows: number): Promise<PackFile> {
  await out.put(key, bytes);
  return { key, sha256: sha256(bytes), sizeBytes: bytes.length, rows };
}
