import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { duckdbQueryEngine } from '../../lib/adapters/local/duckdb-query-engine.ts';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { execution, page, START, startAthena } from '../adapters/aws/athena-stand-in.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { readParquet } from '../support/parquet.ts';
import { awkwardFolder, writeShards, writeText } from '../support/query-lake.ts';
import { fakeTerminal } from '../support/terminal.ts';

const folder = awkwardFolder();
const SQL = 'SELECT * FROM dataset ORDER BY open_time';
/** Ten million rows, which take seconds to write. */
const LONG = 'SELECT range AS i, random() AS x FROM range(10000000)';

beforeAll(async () => {
  const one = {
    series: { market: 'um', symbol: 'BTCUSDT', interval: '15m' },
    period: '2024',
    from: '2024-01-01',
  } as const;
  const values = { close: '100 + i / 4', rsi_14: 'CASE WHEN i > 13 THEN i / 3 END' };
  await writeShards(folder, [
    { ...one, table: 'candles', rows: 5_000, minutes: 15, values },
    { ...one, table: 'features', rows: 5_000, minutes: 15, values },
    { ...one, table: 'labels', rows: 4_940, minutes: 15 },
  ]);
});

/** The names come from the manifests, of which this lake has none otherwise. */
function writeManifest(): void {
  writeText(folder, 'manifests/market=um/symbol=BTCUSDT/interval=15m/period=2024/manifest.json', 'null\n');
}

async function lake(...args: string[]) {
  const terminal = fakeTerminal({});
  const code = await runLakeProgram(['query', ...args, '--lake', folder], terminal);
  return { code, ...terminal.written };
}

test('--out writes the rows that the query prints, and one line about them', async () => {
  const out = join(temporaryFolder(), 'x.parquet');
  const { code, out: printed, err } = await lake(SQL, '--out', out);
  expect({ code, printed }).toEqual({ code: 0, printed: '' });
  expect(err).toMatch(new RegExp(`^${out}: 5,000 rows, 201 columns, \\d+ kB\\n$`));
  const expected = JSON.parse((await lake(SQL, '--json')).out) as Record<string, unknown>[];
  const rows = await readParquet(out);
  const asJson = (value: unknown) => (value instanceof Date ? value.toISOString().replace('.000Z', 'Z') : value);
  expect(rows).toHaveLength(5_000);
  for (const i of [0, 13, 14, 4_939, 4_940, 4_999]) {
    expect(Object.fromEntries(Object.entries(rows[i]!).map(([name, value]) => [name, asJson(value)]))).toEqual(
      expected[i],
    );
  }
  expect([rows[4_939]!['signal'], rows[4_940]!['signal']]).toEqual([39, null]);
});

test('DuckDB reads the file back with the types of the lake, and the same SQL gives the same bytes', async () => {
  const place = temporaryFolder();
  for (const name of ['a.parquet', 'b.parquet'])
    expect(await lake(SQL, '--out', join(place, name))).toMatchObject({ code: 0 });
  expect(readFileSync(join(place, 'a.parquet')).equals(readFileSync(join(place, 'b.parquet')))).toBe(true);
  const engine = await duckdbQueryEngine(place);
  const types = Object.fromEntries(
    (await engine.query(`DESCRIBE FROM '${join(place, 'a.parquet')}'`)).rows.map(([name, type]) => [name, type]),
  );
  await engine.close();
  expect(types).toMatchObject({
    ...{
      open_time: 'TIMESTAMP WITH TIME ZONE',
      close: 'DOUBLE',
      trades: 'INTEGER',
      rsi_14: 'FLOAT',
      signal: 'TINYINT',
    },
    ...{ market: 'VARCHAR', label_known_at: 'TIMESTAMP WITH TIME ZONE' },
  });
});

test('csv and json files are what is printed in these formats', async () => {
  const place = temporaryFolder();
  for (const format of ['csv', 'json']) {
    const out = join(place, `x.${format}`);
    expect(await lake(SQL, '--out', out)).toMatchObject({ code: 0 });
    expect(readFileSync(out, 'utf8')).toBe((await lake(SQL, '--format', format)).out);
  }
});

test.each([
  ['SELECT 1 AS x;', 'x\r\n1\r\n'],
  ["SELECT '; -- x' AS x; -- a ; comment\n ; /* and another */", 'x\r\n; -- x\r\n'],
  ['SELECT 1 AS x -- a comment', 'x\r\n1\r\n'],
  ['(SELECT 1 AS x) UNION ALL SELECT 2 ORDER BY x DESC', 'x\r\n2\r\n1\r\n'],
  ['FROM range(2)', 'range\r\n0\r\n1\r\n'],
  ['VALUES (1)', 'col0\r\n1\r\n'],
  ['WITH a AS (SELECT 3 AS x) SELECT x, x FROM a', 'x,x_1\r\n3,3\r\n'],
  ["PIVOT (SELECT 'a' AS k, 1 AS v) ON k IN ('a') USING sum(v)", 'a\r\n1\r\n'],
  ['SELECT column_name FROM (DESCRIBE runs) LIMIT 1', 'column_name\r\nrun_id\r\n'],
])('every kind of reading statement is written: %j', async (sql, text) => {
  const out = join(temporaryFolder(), 'x.csv');
  expect(await lake(sql, '--out', out)).toMatchObject({ code: 0 });
  expect(readFileSync(out, 'utf8')).toBe(text);
});

test('DESCRIBE and SUMMARIZE are written, EXPLAIN is bad usage', async () => {
  const place = temporaryFolder();
  expect(await lake('DESCRIBE candles', '--out', join(place, 'a.csv'))).toMatchObject({ code: 0 });
  expect(readFileSync(join(place, 'a.csv'), 'utf8')).toContain('\r\nopen_time,TIMESTAMP WITH TIME ZONE');
  expect(await lake('SUMMARIZE candles', '--out', join(place, 'b.parquet'))).toMatchObject({ code: 0 });
  expect(await lake('EXPLAIN SELECT 1', '--out', join(place, 'c.csv'))).toMatchObject({
    ...{ code: 2, err: 'lake: sql must be a SELECT statement, got EXPLAIN\n' },
  });
});

test('--json with --out prints what was written', async () => {
  const out = join(temporaryFolder(), 'x.arrow');
  const { code, out: printed, err } = await lake('SELECT 1 AS x', '--out', out, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const bytes = readFileSync(out).length;
  expect(JSON.parse(printed)).toEqual({ path: out, format: 'arrow', rows: 1, columns: 1, bytes });
});

test('a file that exists is replaced only with --force', async () => {
  const out = join(temporaryFolder(), 'x.csv');
  writeFileSync(out, 'mine');
  const refused = await lake('SELECT 1 AS x', '--out', out);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toBe(`lake: out must be a new file, got '${out}', which exists: --force replaces it\n`);
  expect(readFileSync(out, 'utf8')).toBe('mine');
  expect(await lake('SELECT 1 AS x', '--out', out, '--force')).toMatchObject({ code: 0 });
  expect(readFileSync(out, 'utf8')).toBe('x\r\n1\r\n');
});

test.each([
  [['--out', 'x.xlsx'], "out must be a file that ends in .parquet .csv .json .arrow, got 'x.xlsx'"],
  [['--out', 's3://bucket/x.parquet'], 'out must be a file that ends in'],
  [['--out', 'no-such-folder/x.csv'], "out must be in a folder that exists, got 'no-such-folder/x.csv'"],
  [['--out', 'x.csv', '--format', 'csv'], "format must be left out with --out, whose ending decides it, got 'csv'"],
  [['--format', 'parquet'], "format 'parquet' is written to a file: use --out result.parquet"],
])('%j is bad usage', async (options, said) => {
  const { code, out, err } = await lake('SELECT 1 AS x', ...options);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(said);
});

test('a file in the lake itself is refused', async () => {
  const out = join(folder, 'candles', 'x.parquet');
  expect(await lake('SELECT 1 AS x', '--out', out, '--force')).toMatchObject({
    ...{ code: 2, out: '' },
    err: `lake: out must be outside of the lake at ${folder}, got '${out}'\n`,
  });
});

test.each([
  [`SELECT * FROM candles WHERE symbol = 'btcusdt'`, []],
  [`SELECT count(*), max(close) FROM candles WHERE symbol = 'btcusdt'`, []],
  [`SELECT * FROM candles WHERE symbol = 'btcusdt'`, ['--out', 'empty.csv']],
])('a name that the lake does not hold is told if there are no rows: %s %j', async (sql, options) => {
  writeManifest();
  const [out, name] = options;
  const { code, err } = await lake(sql, ...(out ? [out, join(temporaryFolder(), name!)] : []));
  expect(code).toBe(0);
  expect(err).toMatch(/(^|\n)no rows: this lake has no symbol 'btcusdt', the nearest is 'BTCUSDT'\n$/);
  expect((await lake(sql.replace('btcusdt', 'BTCUSDT'))).err).toBe('');
});

test.each([`COPY candles TO 'OUT'`, `SELECT 1) TO 'OUT' (FORMAT csv); --`, `EXPORT DATABASE 'OUT'`])(
  'the SQL itself still cannot write: %s',
  async (sql) => {
    const place = temporaryFolder();
    const written = sql.replace('OUT', join(place, 'y.csv'));
    expect(await lake(written, '--out', join(place, 'x.csv'))).toMatchObject({ code: 2 });
    expect(readdirSync(place)).toEqual([]);
  },
);

describe('nothing half written is left', () => {
  test('if the SQL fails after its first rows', async () => {
    const place = temporaryFolder();
    // DuckDB's Node binding ends a streamed answer without a word if an error comes after a million rows.
    const value = `CASE WHEN range < 990000 THEN range ELSE error('late ' || range)::INT END`;
    const sql = `SELECT ${value} AS x FROM range(1000000)`;
    for (const ending of ['parquet', 'arrow', 'csv', 'json']) {
      const { code, err } = await lake(sql, '--out', join(place, `x.${ending}`));
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringMatching(/^lake: sql cannot be answered: late 99\d+\n$/),
      });
    }
    expect(readdirSync(place)).toEqual([]);
  });

  test('if the file grows beyond what may be written', async () => {
    const place = temporaryFolder();
    const mine = join(place, 'x.csv');
    writeFileSync(mine, 'mine');
    const words = ['query', LONG, '--lake', folder, '--out', mine, '--force'];
    const ended = await runLake(words, { within: ['sh', '-c', 'ulimit -f 200; trap "" XFSZ; exec "$@"', 'sh'] });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/EFBIG/);
    expect(readdirSync(place)).toEqual(['x.csv']);
    expect(readFileSync(mine, 'utf8')).toBe('mine');
  });

  test.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('if %s comes while it is written', async (signal, code) => {
    const place = temporaryFolder();
    mkdirSync(join(place, 'out'));
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const words = ['bin/lake.ts', 'query', LONG, '--lake', folder, '--out', join(place, 'out', 'x.csv')];
    const child = spawn(process.execPath, ['--import', tsx, ...words], { stdio: 'ignore' });
    const ended = once(child, 'close');
    while (readdirSync(join(place, 'out')).length === 0 && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(existsSync(join(place, 'out', 'x.csv'))).toBe(false);
    child.kill(signal);
    expect((await ended)[0]).toBe(code);
    expect(readdirSync(join(place, 'out'))).toEqual([]);
  });
});

test('a lake on S3 writes the rows of Athena, page by page', async () => {
  const columns: [string, string][] = [
    ['open_time', 'timestamp'],
    ['rsi_14', 'float'],
  ];
  const athena = await startAthena({
    StartQueryExecution: START,
    GetQueryExecution: () => execution('SUCCEEDED', { Statistics: { DataScannedInBytes: 1_000 } }),
    GetQueryResults: ({ NextToken }) =>
      NextToken === 'page 2'
        ? page(columns, [['2024-02-01 00:15:00.000', undefined]])
        : page(
            columns,
            [
              ['open_time', 'rsi_14'],
              ['2024-02-01 00:00:00.000', '58.5'],
            ],
            'page 2',
          ),
  });
  const set = {
    ...{ AWS_ENDPOINT_URL_ATHENA: athena.url, AWS_REGION: 'eu-west-1' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  };
  const before = Object.keys(set).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, set);
  try {
    const out = join(temporaryFolder(), 'x.parquet');
    const terminal = fakeTerminal({});
    const words = ['query', 'SELECT open_time, rsi_14 FROM features', '--lake', 's3://lake-bucket', '--out', out];
    expect(await runLakeProgram(words, terminal)).toBe(0);
    expect(await readParquet(out)).toEqual([
      { open_time: new Date('2024-02-01T00:00:00Z'), rsi_14: 58.5 },
      { open_time: new Date('2024-02-01T00:15:00Z'), rsi_14: null },
    ]);
    expect(terminal.written.err).toContain(': 2 rows, 2 columns, ');
    expect(terminal.written.err).toContain('scanned 1.0 kB');
  } finally {
    athena.stop();
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});
