import { sha256 } from '../domain/sha256.ts';
import type { PackFile } from '../lake/versions/dataset-record.ts';
import type { ColumnValues } from '../parquet/table-values.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRequest, EncodeTable } from './contract.ts';
import type { Division } from './divide.ts';
import type { FeatureColumn } from './feature-columns.ts';
import { classesOf } from './label-source.ts';
import type { PackPart } from './pack-part.ts';
import { packSchema, SCALING_SCHEMA } from './pack-schema.ts';
import { readFeatures } from './read-features.ts';
import { type ScalingStatistics, scalingOf, trainingGroups } from './scaling.ts';

interface WritePackInput {
  readonly store: ObjectStore;
  readonly out: ObjectStore;
  readonly encodeTable: EncodeTable;
  readonly request: DatasetRequest;
  readonly features: readonly FeatureColumn[];
  readonly parts: readonly PackPart[];
  /** Block and roles of all rows, part after part. */
  readonly division: Pick<Division, 'block' | 'roles'>;
  /** Bytes of feature values held at once for the statistics, which need a whole column. */
  readonly memoryBytes?: number;
}

const MEMORY_BYTES = 512 * 1024 * 1024;

/** Writes the rows, shard by shard, and the statistics, as many features at a time as fit in memory. */
export async function writePack(input: WritePackInput): Promise<PackFile[]> {
  const { store, parts, features, division, memoryBytes = MEMORY_BYTES } = input;
  const { block, roles } = division;
  const groups = trainingGroups([...roles.values()], block.length);
  const atOnce = Math.max(1, Math.floor(memoryBytes / (4 * block.length)));
  const statistics = new Map<string, readonly ScalingStatistics[]>();
  const files: PackFile[] = [];
  for (let first = 0; first < features.length; first += atOnce) {
    const held = features.slice(first, first + atOnce);
    const values = new Map(held.map(({ name }) => [name, new Float32Array(block.length)]));
    let at = 0;
    for (const part of parts) {
      // The first time round all features are read, to be written.
      const columns = await readFeatures(store, part, first === 0 ? features : held);
      for (const { name } of held) values.get(name)!.set(columns.get(name)!, at);
      if (first === 0) files.push(await writeRows(input, part, at, columns));
      at += part.t0.length;
    }
    for (const { name } of held) statistics.set(name, scalingOf(values.get(name)!, groups, roles.size));
  }
  files.push(await writeScaling(input, statistics));
  return files;
}

async function writeRows(
  { out, encodeTable, request, features, division }: WritePackInput,
  part: PackPart,
  at: number,
  values: ReadonlyMap<string, Float64Array>,
): Promise<PackFile> {
  const { series, period } = part.shard;
  const length = part.t0.length;
  const folds = [...division.roles.keys()];
  const classes = classesOf(request.label)?.map(({ value }) => value);
  const columns = new Map<string, ColumnValues>([
    ['symbol', { words: [series.symbol], codes: new Uint8Array(length) }],
    ['open_time', part.openTimeMs],
    ['t0', part.t0],
    ['t1', part.t1],
    ['open', part.open],
    ['close', part.close],
    ...part.joined.map(({ interval, knownAtMs }) => [`known_at__${interval}`, knownAtMs] as const),
    ...values,
    ['label', part.label],
    ['weight', part.weight],
    ['block', division.block.slice(at, at + length)],
    ...folds.map((name) => [name, Float64Array.from(division.roles.get(name)!.subarray(at, at + length))] as const),
  ]);
  const classOf = (value: number) => (Number.isNaN(value) ? value : classes!.indexOf(value));
  if (classes) columns.set('label_class', part.label.map(classOf));
  const bytes = await encodeTable(packSchema(request, features, folds), length, columns);
  return putFile(out, `data/${series.symbol}-${period}.parquet`, bytes, length);
}

async function writeScaling(
  { out, encodeTable, features, division }: WritePackInput,
  statistics: ReadonlyMap<string, readonly ScalingStatistics[]>,
): Promise<PackFile> {
  const names = features.map(({ name }) => name);
  const folds = [...division.roles.keys()];
  const length = folds.length * names.length;
  const cells = folds.flatMap((_, fold) => names.map((name) => statistics.get(name)![fold]));
  const column = (of: keyof ScalingStatistics) => Float64Array.from(cells, (cell) => cell[of]);
  const columns = new Map<string, ColumnValues>([
    ['fold', { words: folds, codes: Uint8Array.from({ length }, (_, i) => Math.floor(i / names.length)) }],
    ['feature', { words: names, codes: Uint32Array.from({ length }, (_, i) => i % names.length) }],
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
