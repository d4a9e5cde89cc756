import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  Compression,
  EnabledStatistics,
  Encoding,
  Table,
  type WriterProperties,
  WriterPropertiesBuilder,
  writeParquet,
} from 'parquet-wasm';
import type { ColumnSchema, ColumnType, TableSchema } from '../lib/domain/table-schema.ts';
import { encodeArrowStream } from '../lib/parquet/arrow-stream.ts';
import { encodeTable } from '../lib/parquet/encode-table.ts';
import { tableProperties } from '../lib/parquet/writer-properties.ts';
import type { Benchmark, CaseResult } from './benchmark.ts';
import { INPUTS } from './corpus.ts';
import { printTable } from './print-table.ts';
import { best, ms, repeat, timesText } from './repeat.ts';
import { type EncodableTable, shardTables } from './shard-tables.ts';

const CHOSEN = 'ours';
const REUSED = 'ours, into the memory of the table before';
const BEFORE = 'parquet-wasm, as packs are written';
const DUCKDB = 'DuckDB COPY, zstd, V2';
const TIMES = { warmUps: 4, repetitions: 12 };
const READS = { warmUps: 2, repetitions: 7 };

type Adjust = (builder: WriterPropertiesBuilder, column: ColumnSchema) => WriterPropertiesBuilder;

/** The settings of packs, and variants that differ in one of them. */
function otherwise(
  set: (builder: WriterPropertiesBuilder) => WriterPropertiesBuilder,
  adjust: Adjust = (builder) => builder,
): (schema: TableSchema) => WriterProperties {
  return ({ columns }) => {
    let builder = new WriterPropertiesBuilder()
      .setCompression(Compression.ZSTD)
      .setDictionaryEnabled(false)
      .setStatisticsEnabled(EnabledStatistics.Chunk)
      .setWriteBatchSize(32_768)
      .setMaxRowGroupSize(131_072);
    for (const column of columns) {
      const { name, type, nullable } = column;
      const whole = type === 'timestamp' || type === 'int32';
      if (type === 'string') builder = builder.setColumnDictionaryEnabled(name, true);
      else builder = builder.setColumnEncoding(name, whole ? Encoding.DELTA_BINARY_PACKED : Encoding.PLAIN);
      const derived = type === 'float32' || (type === 'float64' && nullable);
      if (derived) builder = builder.setColumnCompression(name, Compression.SNAPPY);
      builder = adjust(builder, column);
    }
    return set(builder).build();
  };
}

/** Adjusts the columns of these types only. */
function forTypes(
  types: readonly ColumnType[],
  adjust: (builder: WriterPropertiesBuilder, name: string) => WriterPropertiesBuilder,
): Adjust {
  return (builder, { name, type }) => (types.includes(type) ? adjust(builder, name) : builder);
}

const asIs = (builder: WriterPropertiesBuilder) => builder;
const NUMBERS = ['float32', 'float64', 'int32', 'int8', 'timestamp'] as const;
const all = (codec: Compression) =>
  otherwise(
    (b) => b.setCompression(codec),
    forTypes(['float32', 'float64'], (b, name) => b.setColumnCompression(name, codec)),
  );

const SETTINGS: Readonly<Record<string, (schema: TableSchema) => WriterProperties>> = {
  [BEFORE]: tableProperties,
  'derived numbers by zstd too': all(Compression.ZSTD),
  'float32 not compressed': otherwise(
    asIs,
    forTypes(['float32'], (b, name) => b.setColumnCompression(name, Compression.UNCOMPRESSED)),
  ),
  'all by snappy': all(Compression.SNAPPY),
  'all LZ4_RAW': all(Compression.LZ4_RAW),
  'nothing compressed': all(Compression.UNCOMPRESSED),
  'pages of up to 1,024 rows or 1 MiB': otherwise((b) => b.setWriteBatchSize(1024)),
  'pages of up to 65,536 rows': otherwise((b) => b.setWriteBatchSize(65_536)),
  'without statistics': otherwise((b) => b.setStatisticsEnabled(EnabledStatistics.None)),
  'flags by dictionary': otherwise(
    asIs,
    forTypes(['int8'], (b, name) => b.setColumnDictionaryEnabled(name, true)),
  ),
  'flags delta-packed': otherwise(
    asIs,
    forTypes(['int8'], (b, name) => b.setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED)),
  ),
  'all plain': otherwise(
    asIs,
    forTypes(NUMBERS, (b, name) => b.setColumnEncoding(name, Encoding.PLAIN)),
  ),
  'floats byte-split, zstd': otherwise(
    asIs,
    forTypes(['float32', 'float64'], (b, name) =>
      b.setColumnEncoding(name, Encoding.BYTE_STREAM_SPLIT).setColumnCompression(name, Compression.ZSTD),
    ),
  ),
  'parquet-wasm default + zstd': () => new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build(),
  'parquet-wasm default + snappy': () => new WriterPropertiesBuilder().setCompression(Compression.SNAPPY).build(),
};

/** The three tables of one month of 1m, written with other settings, and read back whole by DuckDB. */
export const parquet: Benchmark = {
  about: 'the tables of 1 month of 1m (candles, features, labels) as Parquet, by settings; read back by DuckDB',
  cases: {
    [CHOSEN]: () => measure(({ schema, length, columns }) => encodeTable(schema, length, columns)),
    [REUSED]: () => measure(reusing()),
    ...Object.fromEntries(
      Object.entries(SETTINGS).map(([name, properties]) => [
        name,
        () =>
          measure(({ schema, length, columns }) => {
            const table = Table.fromIPCStream(encodeArrowStream(schema, length, columns));
            return writeParquet(table, properties(schema));
          }),
      ]),
    ),
    [DUCKDB]: measureDuckDb,
  },
  async report(measureCase) {
    const rows: string[][] = [];
    let chosen: { cpuMs: number; bytes: number } | undefined;
    for (const name of Object.keys(this.cases)) {
      const { times, parts } = await measureCase(name);
      const bytes = parts!['bytes']![0]!;
      // Other work on the machine stretches the wall time of one row and not of the next; CPU time can be compared.
      const cpuMs = best(parts!['cpu']!);
      chosen ??= { cpuMs, bytes };
      rows.push([
        name,
        timesText(times),
        ms(cpuMs),
        (cpuMs / chosen.cpuMs).toFixed(2),
        (bytes / 2 ** 20).toFixed(2),
        (bytes / chosen.bytes).toFixed(3),
        parts!['first'] ? ms(best(parts!['first'])) : '',
        ms(best(parts!['read']!)),
      ]);
    }
    printTable(['', 'write, ms: min  mean±sd', 'CPU ms', '÷ ours', 'MiB', '÷ ours', 'first, CPU ms', 'read, ms'], rows);
  },
};

async function measure(write: (table: EncodableTable) => Uint8Array): Promise<CaseResult> {
  const tables = await shardTables(INPUTS['1 month of 1m']);
  const folder = await mkdtemp(join(tmpdir(), 'candlelake-bench-'));
  try {
    const before = process.cpuUsage();
    const writeAll = () => tables.reduce((sum, table) => sum + write(table).length, 0);
    writeAll();
    const { user, system } = process.cpuUsage(before);
    const { times, cpu } = await timed(writeAll);
    const written = tables.map((table) => ({
      path: join(folder, `${table.schema.name}.parquet`),
      bytes: write(table),
    }));
    for (const { path, bytes } of written) await writeFile(path, bytes);
    const bytes = written.reduce((sum, file) => sum + file.bytes.length, 0);
    const read = await readTimes(written.map((file) => file.path));
    return { candles: tables[0]!.length, times, parts: { bytes: [bytes], cpu, read, first: [(user + system) / 1000] } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns a writer that gives the memory of a table back for the next table of its name. */
function reusing(): (table: EncodableTable) => Uint8Array {
  const memory = new Map<string, ArrayBuffer>();
  return ({ schema, length, columns }) => {
    const bytes = encodeTable(schema, length, columns, memory.get(schema.name));
    memory.set(schema.name, bytes.buffer as ArrayBuffer);
    return bytes;
  };
}

/** DuckDB writing the same tables from its memory, on one thread. */
async function measureDuckDb(): Promise<CaseResult> {
  const tables = await shardTables(INPUTS['1 month of 1m']);
  const folder = await mkdtemp(join(tmpdir(), 'candlelake-bench-'));
  const database = await oneThread();
  try {
    const written: string[] = [];
    for (const { schema, length, columns } of tables) {
      const path = join(folder, `${schema.name}.parquet`);
      await writeFile(path, encodeTable(schema, length, columns));
      await database.run(`CREATE TABLE ${schema.name} AS FROM '${path}'`);
      written.push(join(folder, `${schema.name}-duckdb.parquet`));
    }
    const copy = async () => {
      for (const [i, { schema }] of tables.entries()) {
        const options = 'FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 131072';
        await database.run(`COPY ${schema.name} TO '${written[i]}' (${options})`);
      }
    };
    const { times, cpu } = await timed(copy);
    const sizes = await Promise.all(written.map(async (path) => (await stat(path)).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return { candles: tables[0]!.length, times, parts: { bytes: [bytes], cpu, read: await readTimes(written) } };
  } finally {
    database.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(run: () => unknown): Promise<{ times: number[]; cpu: number[] }> {
  const cpu: number[] = [];
  const times = await repeat(async () => {
    const before = process.cpuUsage();
    const value = await run();
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    return value;
  }, TIMES);
  return { times, cpu: cpu.slice(TIMES.warmUps) };
}

/** Measures how long DuckDB takes, on one thread, to read every value of every file. Statistics would answer `max`. */
async function readTimes(paths: readonly string[]): Promise<number[]> {
  const database = await oneThread();
  try {
    return await repeat(async () => {
      for (const path of paths) await database.run(`SELECT bit_xor(hash(COLUMNS(*))) FROM '${path}'`);
    }, READS);
  } finally {
    database.closeSync();
  }
}

async function oneThread(): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('SET threads = 1');
  return connection;
}
