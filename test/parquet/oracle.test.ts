import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, readOffsetIndex } from 'hyparquet';
import type { TableSchema } from '../../lib/domain/table-schema.ts';
import { encodeArrowTable } from '../../lib/parquet/encode-arrow-table.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { readTable } from '../../lib/parquet/read-table.ts';
import { PARQUET_TABLES } from '../../lib/query/views.ts';
import { temporaryFolder } from '../support/folder.ts';
import { EVERY_COLUMN, randomTable } from '../support/random-table.ts';

/** Row counts around the end of a page, for the schema that has every type. */
const BOUNDARIES = [32_767, 32_768, 32_769];
/** A row more than a row group, for a schema of few columns. */
const FEW: TableSchema = {
  name: 'few',
  columns: EVERY_COLUMN.columns.filter(({ name }) => /(32|8|ing)_or_null/.test(name)),
};
const SEEDS = [1, 2, 3, 4, 5, 6];

/** Tables of every schema of the lake, each written by both writers into the files `ours` and `theirs`. */
const CASES = [
  ...PARQUET_TABLES.flatMap((schema) => [0, 1, 90].map((rows) => ({ schema, rows, seed: rows + 1 }))),
  ...SEEDS.flatMap((seed) => [1, 63, 1_000].map((rows) => ({ schema: EVERY_COLUMN, rows, seed }))),
  ...BOUNDARIES.map((rows) => ({ schema: EVERY_COLUMN, rows, seed: rows })),
  { schema: FEW, rows: 131_073, seed: 1 },
].map(({ schema, rows, seed }) => ({ name: `${schema.name}-${rows}-${seed}`, schema, rows, seed }));
const NAMES = CASES.map(({ name }) => name);

const folder = temporaryFolder();
const pathOf = (writer: 'ours' | 'theirs', name: string) => join(folder, `${name}.${writer}.parquet`);
const bytesOf = (writer: 'ours' | 'theirs', name: string) => readFileSync(pathOf(writer, name));

beforeAll(() => {
  for (const { name, schema, rows, seed } of CASES) {
    const columns = randomTable(schema, rows, seed);
    writeFileSync(pathOf('ours', name), encodeTable(schema, rows, columns));
    writeFileSync(pathOf('theirs', name), encodeArrowTable(schema, rows, columns));
  }
});

const bufferOf = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;

/** The facts of a file that a reader uses to skip, and that both writers must agree on. */
function factsOf(bytes: Uint8Array) {
  const { num_rows, schema, row_groups } = parquetMetadata(bufferOf(bytes));
  const columns = schema.slice(1).map(({ name, type, repetition_type, converted_type, logical_type }) => ({
    ...{ name, type, repetition_type, converted_type, logical_type },
  }));
  const groups = row_groups.map((group) => ({
    rows: group.num_rows,
    chunks: group.columns.map(({ meta_data }) => {
      const { null_count, min_value, max_value, is_min_value_exact, is_max_value_exact } = meta_data!.statistics!;
      return {
        ...{ values: meta_data!.num_values, null_count, min_value, max_value },
        exact: min_value === undefined ? undefined : [is_min_value_exact ?? true, is_max_value_exact ?? true],
      };
    }),
  }));
  return { num_rows, columns, groups };
}

describe('every table is the same by our writer and by Arrow’s', () => {
  test.each(NAMES)('%s to hyparquet: types, nulls and the bits of values', async (name) => {
    const [ours, theirs] = [await readTable(bytesOf('ours', name)), await readTable(bytesOf('theirs', name))];
    expect(ours.columnSchemas).toEqual(theirs.columnSchemas);
    expect(ours.length).toBe(theirs.length);
    for (const [column, values] of theirs.columns) {
      // `toEqual` takes −0 for 0, so the bytes are compared.
      if (values instanceof Float64Array) {
        const found = ours.columns.get(column) as Float64Array;
        expect(Buffer.compare(Buffer.from(found.buffer), Buffer.from(values.buffer))).toBe(0);
      } else expect(ours.columns.get(column)).toEqual(values);
    }
  });

  test.each(NAMES)('%s in its footer: types, row groups, null counts and bounds', (name) => {
    expect(factsOf(bytesOf('ours', name))).toEqual(factsOf(bytesOf('theirs', name)));
  });

  test('all of them to DuckDB', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
    try {
      for (const name of NAMES) {
        const [ours, theirs] = [`'${pathOf('ours', name)}'`, `'${pathOf('theirs', name)}'`];
        expect([name, await ask(`DESCRIBE FROM ${ours}`)]).toEqual([name, await ask(`DESCRIBE FROM ${theirs}`)]);
        const rows = (file: string) => `SELECT row_number() OVER () AS row, * FROM ${file}`;
        const differences = `SELECT count(*)::INT FROM
          ((${rows(ours)} EXCEPT ALL ${rows(theirs)}) UNION ALL (${rows(theirs)} EXCEPT ALL ${rows(ours)}))`;
        expect([name, await ask(differences)]).toEqual([name, [[0]]]);
      }
    } finally {
      connection.closeSync();
    }
  }, 60_000);

  const python = '.cache/venv-examples/bin/python';
  const withPython = existsSync(python) ? test : test.skip;
  const why = existsSync(python) ? '' : ' (skipped: scripts/examples-venv.sh makes a python3 with pyarrow)';
  withPython(
    `all of them to pyarrow: values, types, nulls and statistics${why}`,
    () => {
      const { status, stdout, stderr } = spawnSync(python, ['test/parquet/compare.py', folder, ...NAMES], {
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${NAMES.length} equal\n`, stderr: '' });
    },
    60_000,
  );
});

test.each([...BOUNDARIES.map((rows) => `every_column-${rows}-${rows}`), 'few-131073-1'])(
  'the offset index of %s has pages of 32,768 rows, one after the other',
  (name) => {
    const bytes = bytesOf('ours', name);
    const { row_groups } = parquetMetadata(bufferOf(bytes));
    for (const group of row_groups) {
      for (const { meta_data, offset_index_offset, offset_index_length } of group.columns) {
        const begin = Number(offset_index_offset);
        const index = bufferOf(bytes.subarray(begin, begin + offset_index_length!));
        const pages = readOffsetIndex({ view: new DataView(index), offset: 0 }).page_locations;
        const inOrder = pages.map((_, i) => BigInt(i * 32_768));
        expect(pages.map(({ first_row_index }) => first_row_index)).toEqual(inOrder);
        expect(pages).toHaveLength(Math.ceil(Number(group.num_rows) / 32_768));
        const ends = pages.map(({ offset, compressed_page_size }) => offset + BigInt(compressed_page_size));
        expect(pages.map(({ offset }) => offset)).toEqual([meta_data!.data_page_offset, ...ends.slice(0, -1)]);
        const chunkBegin = meta_data!.dictionary_page_offset ?? meta_data!.data_page_offset;
        expect(ends.at(-1)! - chunkBegin).toBe(meta_data!.total_compressed_size);
      }
    }
  },
);

test('a file of the writer has no schema of Arrow: its types are those of Parquet', () => {
  const schema: TableSchema = EVERY_COLUMN;
  const { key_value_metadata, created_by } = parquetMetadata(
    bufferOf(encodeTable(schema, 3, randomTable(schema, 3, 1))),
  );
  expect({ key_value_metadata, created_by }).toEqual({ created_by: 'candlelake version 1' });
});
