import type { ColumnType, TableSchema } from '../../lib/domain/table-schema.ts';
import type { ColumnValues } from '../../lib/parquet/table-values.ts';
import { type Random, seededRandom } from './random.ts';

/** A schema with one column per type and nullability. */
export const EVERY_COLUMN: TableSchema = {
  name: 'every_column',
  columns: (['timestamp', 'float64', 'float32', 'int32', 'int8', 'string'] as const).flatMap((type) => [
    { name: type, type, nullable: false },
    { name: `${type}_or_null`, type, nullable: true },
  ]),
};

const { MAX_VALUE, MIN_VALUE } = Number;
const FLOAT_MAX = 3.4028234663852886e38;

/** Values at the edges of each type, which every writer must keep. */
const EDGES: Readonly<Record<Exclude<ColumnType, 'string'>, readonly number[]>> = {
  timestamp: [0, 1, 2 ** 31, 2 ** 32, 253_402_300_799_999],
  float64: [-0, 0, MIN_VALUE, -MIN_VALUE, 2.2e-308, MAX_VALUE, -MAX_VALUE, 0.1, 1 / 3, 2 ** 53],
  float32: [-0, 0, 1.401298464324817e-45, -1e-40, FLOAT_MAX, -FLOAT_MAX, 0.1, 1 / 3, 1e-300],
  int32: [0, -1, 2 ** 31 - 1, -(2 ** 31), 7],
  int8: [0, -1, 127, -128, 1],
};

/** Any ordinary value of each type. */
const ANY: Readonly<Record<Exclude<ColumnType, 'string'>, (random: Random) => number>> = {
  timestamp: (random) => random.whole(0, 4_102_444_800_000),
  float64: (random) => (random.next() - 0.5) * 10 ** random.whole(-5, 12),
  float32: (random) => (random.next() - 0.5) * 10 ** random.whole(-5, 12),
  int32: (random) => random.whole(-(2 ** 31), 2 ** 31 - 1),
  int8: (random) => random.whole(-128, 127),
};

const TEXTS = ['', 'rest', 'archive_monthly', '币安', 'é'.repeat(70), 'a'.repeat(64), 'z'.repeat(65), '🙂'.repeat(20)];

/** The ways in which values of a column follow each other. */
const SHAPES = ['edges', 'any', 'runs', 'constant', 'steps', 'two'] as const;
/** The places of nulls among them. */
const NULLS = ['none', 'all', 'first', 'few', 'runs'] as const;

/** Makes a table whose columns have all shapes. The same seed makes the same table. */
export function randomTable(schema: TableSchema, length: number, seed: number): Map<string, ColumnValues> {
  const random = seededRandom(seed);
  return new Map(
    schema.columns.map(({ name, type, nullable }) => {
      const isNull = nullRows(random, length, nullable ? random.pick(NULLS) : 'none');
      return [name, type === 'string' ? text(random, length, isNull) : numbers(random, type, length, isNull)];
    }),
  );
}

function nullRows(random: Random, length: number, kind: (typeof NULLS)[number]): (row: number) => boolean {
  const first = random.whole(0, length);
  const run = random.whole(1, 60);
  const kinds = {
    none: () => false,
    all: () => true,
    first: (row: number) => row < first,
    few: () => random.chance(0.1),
    runs: (row: number) => Math.floor(row / run) % 2 === 0,
  };
  return kinds[kind];
}

function numbers(
  random: Random,
  type: Exclude<ColumnType, 'string'>,
  length: number,
  isNull: (row: number) => boolean,
): Float64Array {
  const shape = random.pick(SHAPES);
  const some = [ANY[type](random), ANY[type](random)];
  const step = type === 'int8' ? 0 : random.whole(0, 70_000);
  let before = some[0]!;
  const next = (row: number): number => {
    if (shape === 'edges') return random.pick(EDGES[type]);
    if (shape === 'any') return ANY[type](random);
    if (shape === 'constant') return some[0]!;
    if (shape === 'two') return random.pick(some);
    if (shape === 'steps' && type === 'int8') return Math.min(127, Math.abs(some[0]!));
    if (shape === 'steps' && type !== 'int32') return Math.abs(some[0]!) + row * step;
    if (random.chance(0.05)) before = ANY[type](random);
    return before;
  };
  const values = Float64Array.from({ length }, (_, row) => next(row));
  for (let row = 0; row < length; row++) {
    if (isNull(row)) values[row] = random.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  }
  return values;
}

function text(random: Random, length: number, isNull: (row: number) => boolean): ColumnValues {
  const isUnique = random.chance(0.3);
  const words: (string | null)[] = isUnique ? Array.from({ length }, (_, i) => `${random.pick(TEXTS)}${i}`) : TEXTS;
  const codes = Uint32Array.from({ length }, (_, row) => {
    if (isNull(row)) return words.length;
    return isUnique ? row : random.whole(0, words.length - 1);
  });
  return { words: [...words, null], codes };
}
