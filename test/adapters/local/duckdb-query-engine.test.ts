import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { duckdbQueryEngine } from '../../../lib/adapters/local/duckdb-query-engine.ts';
import { FEATURES_SCHEMA } from '../../../lib/features/schema.ts';
import { tableKey } from '../../../lib/lake/keys.ts';
import type { QueryEngine } from '../../../lib/ports.ts';
import { awkwardFolder, type SmallShard, writeShards, writeText } from '../../support/query-lake.ts';

const BTC = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;
const MANIA = { market: 'um', symbol: '币安人生USDT', interval: '1m' } as const;
const HOUR = `TIMESTAMPTZ '2024-01-01 00:00:00+00'`;
const LAST_FEATURE = FEATURES_SCHEMA.columns.at(-1)!.name;

function shard(table: SmallShard['table'], more: Partial<SmallShard> = {}): SmallShard {
  return { table, series: BTC, period: '2024', from: '2024-01-01', rows: 96, minutes: 15, ...more };
}

const MONTH = { series: MANIA, period: '2024-02', from: '2024-02-01', rows: 60, minutes: 1 } as const;

describe('a lake with candles, features and labels', () => {
  const folder = awkwardFolder();
  let engine: QueryEngine;

  beforeAll(async () => {
    await writeShards(folder, [
      shard('candles', { values: { close: '100 + i / 4', trades: 'i' } }),
      shard('candles', { period: '2025', from: '2025-01-01', rows: 4 }),
      shard('candles', MONTH),
      // The first candle of the month has no features; the shard of 2025 comes from a version with one feature less.
      shard('features'),
      shard('features', { period: '2025', from: '2025-01-01', rows: 4, lacks: [LAST_FEATURE] }),
      shard('features', { ...MONTH, from: '2024-02-01 00:01:00', rows: 59 }),
      // Labels of the last ten candles are not decided yet.
      shard('labels', { rows: 86, values: { known_at: `TIMESTAMPTZ '2024-01-09 00:00:00+00'`, signal: '1' } }),
    ]);
    const candlesFolder = dirname(join(folder, 'candles/market=um/symbol=BTCUSDT/interval=15m/period=2024/x'));
    writeFileSync(join(candlesFolder, '.writing-1234'), 'half a file');
    writeFileSync(join(candlesFolder, '.candles.parquet'), 'half a file');
    writeText(folder, 'candles/notes.parquet', 'not a shard');
    engine = await duckdbQueryEngine(folder);
  });
  afterAll(() => engine.close());

  const rowsOf = async (sql: string) => (await engine.query(sql)).rows;

  test('partitions are text columns, whatever they look like', async () => {
    const rows = await rowsOf(
      `SELECT market, symbol, interval, period, count(*) FROM candles GROUP BY ALL ORDER BY symbol, period`,
    );
    expect(rows).toEqual([
      ['um', 'BTCUSDT', '15m', '2024', 96],
      ['um', 'BTCUSDT', '15m', '2025', 4],
      ['um', '币安人生USDT', '1m', '2024-02', 60],
    ]);
    expect(await rowsOf(`SELECT count(*) FROM candles WHERE period = '2024'`)).toEqual([[96]]);
  });

  test('times are UTC and come out as ISO text', async () => {
    const result = await engine.query(
      `SELECT open_time, close_time, close, trades, gap_before IS NULL FROM candles WHERE period = '2024'
       AND open_time = '2024-01-01 12:00' ORDER BY open_time`,
    );
    expect(result.rows).toEqual([['2024-01-01T12:00:00Z', '2024-01-01T12:14:59.999Z', 112, 48, false]]);
    expect(result.columns.map(({ name }) => name).slice(0, 2)).toEqual(['open_time', 'close_time']);
    expect(result.columns.map(({ type }) => type).slice(0, 2)).toEqual(Array(2).fill('TIMESTAMP WITH TIME ZONE'));
  });

  test('a filter on partitions reads only their files', async () => {
    const [plan] = await rowsOf(
      `EXPLAIN ANALYZE SELECT sum(close) FROM candles WHERE symbol = 'BTCUSDT' AND period = '2025'`,
    );
    expect(String(plan![1])).toMatch(/Scanning Files: 1\/3|Total Files Read: 1\b/);
  });

  test('dataset joins the three: a row for each candle with features, labels where decided', async () => {
    expect(
      await rowsOf(`SELECT symbol, period, count(*), count(signal), count(label_known_at) FROM dataset
                    GROUP BY ALL ORDER BY symbol, period`),
    ).toEqual([
      ['BTCUSDT', '2024', 96, 86, 86],
      ['BTCUSDT', '2025', 4, 0, 0],
      ['币安人生USDT', '2024-02', 59, 0, 0],
    ]);
    expect(
      await rowsOf(`SELECT open_time, known_at, label_known_at, close, signal, source FROM dataset
                    WHERE period = '2024' AND open_time >= '2024-01-01 21:15' ORDER BY open_time LIMIT 2`),
    ).toEqual([
      ['2024-01-01T21:15:00Z', '2024-01-01T21:30:00Z', '2024-01-09T00:00:00Z', 121.25, 1, 'archive_monthly'],
      ['2024-01-01T21:30:00Z', '2024-01-01T21:45:00Z', null, 121.5, null, 'archive_monthly'],
    ]);
  });

  test('a column that older shards lack is null there', async () => {
    const rows = await rowsOf(
      `SELECT period, count("${LAST_FEATURE}") FROM features WHERE symbol = 'BTCUSDT' GROUP BY ALL ORDER BY period`,
    );
    expect(rows).toEqual([
      ['2024', 96],
      ['2025', 0],
    ]);
  });

  test('every kind of value has a JSON form', async () => {
    const result = await engine.query(`SELECT
      9007199254740991::BIGINT, 9007199254740993::BIGINT, 170141183460469231731687303715884105727::HUGEINT,
      1.50::DECIMAL(9,2), 1234567890123456.78::DECIMAL(20,2), 'nan'::DOUBLE, '-infinity'::DOUBLE, 0.1::DOUBLE,
      TIMESTAMP '2024-02-01 12:00:00.123456', TIMESTAMP_S '1969-12-31 23:59:59',
      TIMESTAMP_NS '2024-02-01 12:00:00.000000001', TIMESTAMP_MS '2024-02-01 12:00:00.5', 'infinity'::TIMESTAMP,
      DATE '2024-02-29', TIME '12:30', INTERVAL 36 HOUR,
      [1::BIGINT, NULL], {'a': 1::HUGEINT, 'b': [DATE '2024-02-01']}, MAP {'k': 2::BIGINT}, array_value(1, 2),
      NULL, true, 'x'::ENUM('x', 'y'), '00000000-0000-0000-0000-000000000001'::UUID, union_value(k := 7::BIGINT)`);
    expect(result.rows[0]).toEqual([
      9007199254740991,
      '9007199254740993',
      '170141183460469231731687303715884105727',
      1.5,
      '1234567890123456.78',
      'NaN',
      '-Infinity',
      0.1,
      '2024-02-01T12:00:00.123456Z',
      '1969-12-31T23:59:59Z',
      '2024-02-01T12:00:00.000000001Z',
      '2024-02-01T12:00:00.500Z',
      'infinity',
      '2024-02-29',
      '12:30:00',
      '36:00:00',
      [1, null],
      { a: 1, b: ['2024-02-01'] },
      { k: 2 },
      [1, 2],
      null,
      true,
      'x',
      '00000000-0000-0000-0000-000000000001',
      7,
    ]);
    expect(JSON.parse(JSON.stringify(result.rows))).toEqual(result.rows);
  });

  test('two columns of one name get two names', async () => {
    const { columns } = await engine.query('SELECT 1 AS x, 2 AS x');
    expect(new Set(columns.map(({ name }) => name)).size).toBe(2);
  });

  test.each([
    [
      'SELECT clsoe FROM candles',
      'sql cannot be answered: Referenced column "clsoe" not found in FROM clause! Candidate bindings: "close", ',
    ],
    ['SELECT 1 FRM x y', 'sql cannot be answered: syntax error at or near "x"'],
    ['SELECT * FROM candle', 'sql cannot be answered: Table with name candle does not exist! Did you mean "candles"?'],
    [
      "SELECT sum(symbol),\n  'LINE 1: no'\nFROM candles",
      "sql cannot be answered: No function matches the given name and argument types 'sum(VARCHAR)'. ",
    ],
    ['-- nothing', 'sql must be a SELECT statement'],
  ])('a mistake in SQL is bad input, told in one line: %j', async (sql, words) => {
    const mistake = (await engine.query(sql).catch((error: unknown) => error)) as Error;
    expect(mistake.name).toBe('BadInput');
    expect(mistake.message).toContain(words);
    expect(mistake.message).not.toMatch(/LINE 1|\^|[\n\t]/);
  });

  test('a number beyond the range of a double is infinite', async () => {
    expect((await engine.query(`SELECT 1e400, -1e400, ':Infinity}'`)).rows).toEqual([
      ['Infinity', '-Infinity', ':Infinity}'],
    ]);
    await expect(engine.query(`SELECT 1e400 FROM query('SELECT 1')`)).rejects.toMatchObject({ name: 'BadInput' });
  });

  test.each([
    [`SELECT 'abc'::INT`, "sql cannot be answered: Could not convert string 'abc' to INT32"],
    [`SELECT error('two\nlines')`, 'sql cannot be answered: two lines'],
    [`SELECT 9223372036854775807 + 1`, 'sql cannot be answered: Overflow in addition of INT64'],
    [`SELECT strptime('x', '%Y')`, 'sql cannot be answered: Could not parse string "x"'],
    [`SELECT (SELECT * FROM range(3))`, 'sql cannot be answered: More than one row returned by a subquery'],
    [`SELECT map([1, 1], [1, 2])`, 'sql cannot be answered: Map keys must be unique'],
    [`SELECT * FROM read_csv('/etc/passwd')`, 'sql cannot be answered: Cannot access file "/etc/passwd"'],
  ])('a mistake that shows only when SQL runs is bad input, in one line: %j', async (sql, words) => {
    const mistake = (await engine.query(sql).catch((error: unknown) => error)) as Error;
    expect(mistake).toMatchObject({ name: 'BadInput' });
    expect(mistake.message).toContain(words);
    expect(mistake.message).not.toContain('\n');
  });

  describe('confinement', () => {
    const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
    const inLake = quoted(join(folder, 'escaped.csv'));
    const files = () => readdirSync(folder, { recursive: true }).sort();

    test.each([
      `SELECT * FROM read_csv('/etc/passwd')`,
      `SELECT * FROM read_text('/etc/passwd')`,
      `SELECT * FROM read_blob('/etc/passwd')`,
      `SELECT * FROM read_text('file:///etc/passwd')`,
      `SELECT * FROM read_text(${quoted(`${folder}/../../../etc/passwd`)})`,
      `SELECT * FROM read_text(${quoted(`${folder}/candles/../../../../etc/passwd`)})`,
      `SELECT * FROM read_json_auto('package.json')`,
      `SELECT * FROM 'package.json'`,
      `SELECT * FROM glob('/etc/*')`,
      `SELECT * FROM parquet_metadata('/etc/passwd')`,
      `SELECT * FROM sniff_csv('/etc/passwd')`,
      `SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')`,
      `SELECT * FROM query('COPY (SELECT 1) TO ${inLake.replaceAll("'", "''")}')`,
      `SELECT getenv('HOME')`,
      `COPY (SELECT 1) TO '/tmp/candlelake-escaped.csv'`,
      `COPY (SELECT 1) TO ${inLake}`,
      `EXPLAIN ANALYZE COPY (SELECT 1) TO ${inLake}`,
      `EXPLAIN /* x */ ANALYZE COPY (SELECT 1) TO ${inLake}`,
      `SELECT 1; COPY (SELECT 1) TO ${inLake}`,
      `COPY (SELECT 1) TO ${inLake}; SELECT 1`,
      `PREPARE p AS COPY (SELECT 1) TO ${inLake}`,
      `EXPORT DATABASE ${inLake}`,
      `EXPLAIN EXPORT DATABASE ${inLake}`,
      `/* SELECT */ EXPORT DATABASE ${inLake}`,
      `ATTACH ${inLake} AS other`,
      `ATTACH '/tmp/candlelake-escaped.db'`,
      `INSTALL httpfs`,
      `LOAD httpfs`,
      `SET enable_external_access = true`,
      `SET allowed_directories = ['/']`,
      `RESET lock_configuration`,
      `PRAGMA enable_profiling = 'json'`,
      `PRAGMA profiling_output = ${inLake}`,
      `PRAGMA import_database('/etc')`,
      `CREATE TABLE t AS SELECT 1`,
      `CREATE SECRET s (TYPE s3)`,
      `DROP VIEW candles`,
      `CREATE OR REPLACE VIEW candles AS SELECT 1`,
      `CALL enable_logging(storage = 'file')`,
    ])('refuses %s', async (sql) => {
      const before = files();
      await expect(engine.query(sql)).rejects.toMatchObject({
        name: expect.stringMatching(/^(BadInput|EngineFailed)$/),
      });
      expect(files()).toEqual(before);
      expect(existsSync('/tmp/candlelake-escaped.csv') || existsSync('/tmp/candlelake-escaped.db')).toBe(false);
      expect(await rowsOf('SELECT count(*) FROM candles')).toEqual([[160]]);
    });

    test.each([
      'DESCRIBE candles',
      'SHOW TABLES',
      'FROM candles LIMIT 1',
      'SUMMARIZE candles',
      'EXPLAIN SELECT 1',
      'VALUES (1);',
    ])('lets %s through', async (sql) => {
      expect((await engine.query(sql)).rows.length).toBeGreaterThan(0);
    });

    test('a query larger than memory leaves nothing in the working folder', async () => {
      await rowsOf('SELECT * FROM range(1000000) ORDER BY hash(range) LIMIT 1');
      expect(existsSync('.tmp')).toBe(false);
    });
  });
});

describe('a lake that is not whole', () => {
  test.each(['candles', 'features', 'gaps', 'funding', 'dataset', 'ml_xgboost', 'Candles', 'runs'])(
    'an empty lake says so of %s',
    async (table) => {
      const folder = awkwardFolder();
      const engine = await duckdbQueryEngine(folder);
      await expect(engine.query(`SELECT * FROM ${table} LIMIT 1`)).rejects.toMatchObject({
        name: 'BadInput',
        message: `lake at ${folder} holds no ${table === 'runs' ? 'runs' : 'candles'}: run \`npx lake run\` first`,
      });
      await engine.close();
    },
  );

  test('a folder that is not there is an empty lake, and stays absent', async () => {
    const folder = join(awkwardFolder(), 'absent');
    const engine = await duckdbQueryEngine(folder);
    await expect(engine.query('FROM candles')).rejects.toThrow(/holds no candles/);
    await engine.close();
    expect(existsSync(folder)).toBe(false);
  });

  test('a lake whose runs brought nothing lists them, and no candles', async () => {
    const folder = awkwardFolder();
    writeText(folder, 'runs/r1/report.json', `${JSON.stringify({ runId: 'r1', complete: false })}\n`);
    const engine = await duckdbQueryEngine(folder);
    expect((await engine.query('SELECT run_id, complete FROM runs')).rows).toEqual([['r1', false]]);
    await expect(engine.query('FROM candles')).rejects.toThrow(/holds no candles/);
    await engine.close();
  });

  test('a lake that has a ledger and no candle yet has a table of none', async () => {
    const folder = awkwardFolder();
    await writeShards(folder, [shard('gaps', { values: { from_time: HOUR, to_time: HOUR } })]);
    const engine = await duckdbQueryEngine(folder);
    expect((await engine.query('FROM candles')).rows).toEqual([]);
    await engine.close();
  });

  test('without labels the dataset still stands, typed', async () => {
    const folder = awkwardFolder();
    await writeShards(folder, [shard('candles'), shard('features')]);
    const engine = await duckdbQueryEngine(folder);
    const result = await engine.query(`SELECT count(*), count(signal), typeof(any_value(label_known_at)) FROM dataset`);
    expect(result.rows).toEqual([[96, 0, 'TIMESTAMP WITH TIME ZONE']]);
    expect((await engine.query('SELECT count(*) FROM labels')).rows).toEqual([[0]]);
    await engine.close();
  });

  test('with candles alone the dataset is empty', async () => {
    const folder = awkwardFolder();
    await writeShards(folder, [shard('candles')]);
    const engine = await duckdbQueryEngine(folder);
    expect((await engine.query('SELECT count(*) FROM dataset')).rows).toEqual([[0]]);
    await engine.close();
  });

  test('a damaged page of a shard is a failure of the lake, not a mistake in SQL', async () => {
    const folder = awkwardFolder();
    await writeShards(folder, [shard('candles', { rows: 20_000, values: { close: 'random()' } })]);
    const path = join(folder, tableKey('candles', BTC, '2024'));
    const bytes = readFileSync(path);
    for (let at = 2_000; at < bytes.length - 20_000; at += 997) bytes[at]! ^= 0x55;
    writeFileSync(path, bytes);
    const engine = await duckdbQueryEngine(folder);
    await expect(engine.query('SELECT * FROM candles')).rejects.toMatchObject({ name: 'EngineFailed' });
    await engine.close();
  });

  test('a damaged shard is named', async () => {
    const folder = awkwardFolder();
    writeText(folder, 'candles/market=um/symbol=X/interval=1d/period=all/candles.parquet', 'damaged');
    await expect(duckdbQueryEngine(folder).then((engine) => engine.query('FROM candles'))).rejects.toMatchObject({
      name: 'EngineFailed',
      message: expect.stringContaining('symbol=X'),
    });
  });

  test('a damaged shard of a table that the SQL does not read stops no query', async () => {
    const folder = awkwardFolder();
    await writeShards(folder, [shard('candles')]);
    writeText(folder, 'features/market=um/symbol=X/interval=1d/period=all/features.parquet', 'damaged');
    const engine = await duckdbQueryEngine(folder);
    expect((await engine.query('SELECT count(*) FROM candles')).rows).toEqual([[96]]);
    await expect(engine.query('SELECT count(*) FROM dataset')).rejects.toMatchObject({
      name: 'EngineFailed',
      message: expect.stringContaining('symbol=X'),
    });
    expect((await engine.query('SELECT count(*) FROM candles')).rows).toEqual([[96]]);
    await engine.close();
  });
});

describe('tables are made when SQL reads them, and yet', () => {
  const TABLES = [
    ...['candles', 'dataset', 'features', 'funding', 'gaps', 'instruments', 'labels', 'mark_candles', 'ml_lstm'],
    ...['ml_mlp', 'ml_xgboost', 'open_interest', 'run_reports', 'runs'],
  ];

  async function asked(sql: string) {
    const folder = awkwardFolder();
    await writeShards(folder, [shard('candles'), { ...shard('candles'), series: { ...BTC, market: 'sim' } }]);
    const engine = await duckdbQueryEngine(folder);
    return engine.query(sql).finally(() => engine.close());
  }

  test.each([
    'SHOW TABLES',
    'SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = current_schema() ORDER BY 1',
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1`,
  ])('%s lists all of them', async (sql) => {
    expect((await asked(sql)).rows).toEqual(TABLES.map((name) => [name]));
  });

  test.each([
    ['FROM main.candles', 96],
    ['FROM with_simulated.candles', 192],
    [`FROM main.candles WHERE market <> 'sim'`, 96],
    ['WITH candles AS (FROM candles LIMIT 7) FROM candles', 7],
    [`FROM (FROM "CANDLES" UNION ALL BY NAME FROM dataset)`, 96],
  ])('%s finds its tables', async (sql, rows) => {
    expect((await asked(sql)).rows).toHaveLength(rows);
  });

  test('a misspelt name gets the suggestion', async () => {
    await expect(asked('FROM candels')).rejects.toThrow(/Did you mean "candles"/);
  });

  test('queries at the same time make each table once', async () => {
    const folder = awkwardFolder();
    await writeShards(folder, [shard('candles')]);
    const engine = await duckdbQueryEngine(folder);
    const answers = await Promise.all(Array.from({ length: 8 }, () => engine.query('SELECT count(*) FROM dataset')));
    expect(answers.map(({ rows }) => rows)).toEqual(answers.map(() => [[0]]));
    await engine.close();
  });
});
