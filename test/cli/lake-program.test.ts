import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { PARQUET_TABLES, VIEWS } from '../../lib/query/views.ts';
import { deadUrl } from '../support/dead-url.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

const NOW = '2024-03-05T10:07:00Z';

/** Runs a command with a lake folder that is not there, and sees that it is not there afterwards either. */
async function lake(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const parent = temporaryFolder();
  const folder = join(parent, 'lake');
  const nobody = await deadUrl();
  const urls = { CANDLELAKE_REST_URL: nobody, CANDLELAKE_ARCHIVE_URL: nobody };
  const terminal = fakeTerminal({ CANDLELAKE_LAKE: folder, CANDLELAKE_NOW: NOW, ...urls, ...variables });
  const code = await runLakeProgram(args, terminal);
  expect(readdirSync(parent)).toEqual([]);
  return { code, ...terminal.written };
}

describe('bad usage is exit code 2, one line that says what is allowed, and nothing written:', () => {
  const RUN: [string, string][] = [
    ['--interval 7m', "interval must be one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M, got '7m'"],
    ['--period 5x', "period must be a number and d, w, m or y such as 30d, 6m, 1y, 30dias, 6meses, 1ano, got '5x'"],
    ['--period 0d', "got '0d'"],
    [
      '--from 2024-02-30',
      "from must be an ISO date or instant such as 2024-02-01 or 2024-02-01T12:00Z, got '2024-02-30'",
    ],
    ['--from 2024-02-01 --to soon', 'to must be an ISO date or instant'],
    ['--from 2024-02-01 --period 1y', 'range must be given by period or by from, got both'],
    ['--from 2024-02-02 --to 2024-02-01', "from must be before to, got from '2024-02-02' and to '2024-02-01'"],
    ['--symbols ../../etc', "symbol must be letters, digits and _ such as BTCUSDT or BTCUSD_PERP, got '../../etc'"],
    ['--symbols BTC/USDT', "got 'BTC/USDT'"],
    ['--symbols BTCUSDT,,ETHUSDT', 'empty name'],
    ['--symbols all,BTCUSDT', "symbols must be names or 'all' alone"],
    ['--market futures', "market must be one of um, cm, spot, sim, got 'futures'"],
    ['--source coinbase', "source must be one of auto, binance, simulated, got 'coinbase'"],
    ['--source simulated --market um', "market of simulated candles is sim, got 'um'"],
    ['--lake ftp://lake', "lake must be a folder or s3://bucket, got 'ftp://lake'"],
    ['--lake s3://bucket/with/folder', "lake must be a folder or s3://bucket, got 's3://bucket/with/folder'"],
    ['--lake s3://', "lake must be a folder or s3://bucket, got 's3://'"],
    // With nobody to ask, so that no run could begin in the current folder if this were taken for it.
    ['--lake= --source binance', "lake must be a folder or s3://bucket, got ''"],
    ['--max-usd 0', 'It must be an amount of US dollars above 0.'],
    ['--max-usd cheap', 'It must be an amount of US dollars above 0.'],
    ['--max-usd Infinity', 'It must be an amount of US dollars above 0.'],
    ['--source simulated --max-usd 0.00001', 'estimated cost must be at most the budget of $0.00001 a run, got $0.00'],
    ['--intervall 15m', "unknown option '--intervall'"],
    ['BTCUSDT', 'too many arguments'],
    ['--interval', 'argument missing'],
  ];
  test.each([...RUN.map(([args, said]) => ['run', args, said]), ...RUN.map(([args, said]) => ['plan', args, said])])(
    'lake %s %s',
    async (command, args, said) => {
      const { code, out, err } = await lake([command!, ...args!.split(' ')]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^lake: [^\n]+\n$/);
      expect(err).toContain(said);
    },
  );

  test.each([
    ['run --concurrency 0', 'It must be a whole number from 1 to 1000.'],
    ['run --concurrency 1.5', 'It must be a whole number'],
    ['run --concurrency many', 'It must be a whole number'],
    ['run --concurrency 1001', 'It must be a whole number'],
    ['rum', "unknown command 'rum'"],
    ['--nope', "unknown option '--nope'"],
    ['query', "missing required argument 'sql'"],
    ['query SELECT 1', 'too many arguments'],
    ['features --all', "unknown option '--all'"],
    ['features rsii', "got 'rsii', the nearest is rsi_7"],
    ['features --section trends', 'section must be one of foundations averages trend '],
    ['features --set lightgbm', "set must be one of xgboost mlp lstm, got 'lightgbm'"],
    ['features rsi --section time', "got 'rsi' 'time'"],
  ])('lake %s', async (args, said) => {
    const { code, out, err } = await lake(args.split(' '));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^lake: [^\n]+\n$/);
    expect(err).toContain(said);
  });

  test.each(['pretend', 'pretend/pack', './pretend/candles/..'])('a pack in the lake itself: %s', async (place) => {
    const range = '--symbols BTCUSDT --interval 15m --from 2024-01-01 --to 2024-02-01'.split(' ');
    const { code, out, err } = await lake(['dataset', ...range, '--lake', 'pretend', '--out', place]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(`lake: out must be outside of the lake at pretend, got '${place}'\n`);
  });

  test.each([
    ['DROP TABLE candles', [], "sql must be a SELECT statement, got one that begins with 'DROP'"],
    ['', [], 'sql must be a SELECT statement'],
    ['SELECT 1; SELECT 2', [], 'sql must be one statement'],
    ['SELECT 1', ['--format', 'xml'], "format must be one of table, json, csv, got 'xml'"],
    ['SELECT 1', ['--lake', ' '], "lake must be a folder or s3://bucket, got ' '"],
    ['SELECT 1', ['--lake', 'ftp://x'], "lake must be a folder or s3://bucket, got 'ftp://x'"],
  ])('lake query %j %j', async (sql, options, said) => {
    const { code, out, err } = await lake(['query', sql, ...options]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^lake: [^\n]+\n$/);
    expect(err).toContain(said);
  });

  test.each([
    [{ CANDLELAKE_NOW: 'later' }, 'CANDLELAKE_NOW must be an ISO date or instant'],
    [{ CANDLELAKE_NAME: 'Candle Lake' }, 'CANDLELAKE_NAME must be the name of a deployed lake such as candlelake-dev'],
    [{ CANDLELAKE_REST_URL: 'fapi.binance.com' }, 'CANDLELAKE_REST_URL must be an http(s) URL, got'],
    [{ CANDLELAKE_ARCHIVE_URL: 'file:///etc' }, 'CANDLELAKE_ARCHIVE_URL must be an http(s) URL, got'],
  ])('%j', async (variables, said) => {
    for (const command of ['run', 'plan']) {
      const { code, err } = await lake([command], variables);
      expect(code).toBe(2);
      expect(err).toMatch(/^lake: [^\n]+\n$/);
      expect(err).toContain(said);
    }
  });

  test('no command at all, which is answered with the help', async () => {
    const { code, out, err } = await lake([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: lake');
  });

  test('a lake that is a file, or in one', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'x');
    for (const place of [file, join(file, 'lake')]) {
      const { code, out, err } = await lake(['run', '--lake', place]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toBe(`lake: lake '${place}' cannot be written: ${file} is not a folder\n`);
    }
  });

  test('a range in the future, which the exchange’s clock decides', async () => {
    const { code, out, err } = await lake(['plan', '--source', 'simulated', '--from', '2024-03-06']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe('lake: range must begin before now, 2024-03-05T10:07:00Z, got from 2024-03-06T00:00:00Z\n');
  });
});

test('--json says an error as JSON too', async () => {
  const { code, out, err } = await lake(['run', '--interval', '7m', '--json']);
  expect(code).toBe(2);
  const { error } = JSON.parse(out) as { error: { name: string; message: string } };
  expect(error.name).toBe('BadInput');
  expect(err).toBe(`lake: ${error.message}\n`);
  expect(out.split('\n')).toHaveLength(2);
});

test.each([
  [['run', '--json', '--nope'], "unknown option '--nope'"],
  [['query', '--format', 'json'], "missing required argument 'sql'"],
  [['gaps', '--format=json', '--nope'], "unknown option '--nope'"],
  [['rum', '--json'], "unknown command 'rum' (Did you mean run?)"],
])('%j: words that are not understood are told as JSON as well', async (args, message) => {
  const { code, out, err } = await lake(args);
  expect({ code, error: JSON.parse(out) }).toEqual({ code: 2, error: { error: { name: 'BadInput', message } } });
  expect(err).toBe(`lake: ${message}\n`);
});

test.each([
  ['run', '--source', 'binance'],
  ['plan', '--source', 'binance'],
  ['run', '--market', 'um'],
  ['plan', '--market', 'spot'],
  // A base URL was asked for: see `lake`.
  ['run', '--interval', '15m'],
  ['plan', '--interval', '15m'],
])('an exchange out of reach is exit code 1 if the call names it: %s %s %s', async (command, ...option) => {
  const { code, out, err } = await lake([command, ...option]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  const kept = option[0] === '--interval' ? ' --interval 15m' : '';
  expect(err.replace(/:\d+ /, ':1 ')).toBe(
    'lake: ExchangeBusy: exchange is out of reach: 127.0.0.1:1 (ECONNREFUSED); ' +
      `for simulated candles: npx lake ${command}${kept} --source simulated\n`,
  );
});

describe('on a machine without a network', () => {
  const online = globalThis.fetch;
  beforeAll(() => {
    globalThis.fetch = async (url, options) => {
      if (new URL(String(url)).hostname === '127.0.0.1') return online(url, options);
      const cause = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
      throw new TypeError('fetch failed', { cause });
    };
  });
  afterAll(() => {
    globalThis.fetch = online;
  });
  const NO_URLS = { CANDLELAKE_REST_URL: '', CANDLELAKE_ARCHIVE_URL: '' };
  const NOTICE = 'Binance is out of reach: using the built-in simulated exchange, market=sim.\n';

  test('a market that was asked for is one line of at most 160 columns, with the host and what to do', async () => {
    for (const options of [
      ['--market', 'um'],
      ['--source', 'binance'],
    ]) {
      const { code, err } = await lake(['run', '--symbols', 'BTCUSDT', ...options], NO_URLS);
      expect({ code, err }).toEqual({
        code: 1,
        err:
          'lake: ExchangeBusy: exchange is out of reach: fapi.binance.com (ENOTFOUND); ' +
          'for simulated candles: npx lake run --symbols BTCUSDT --source simulated\n',
      });
      expect(err.length).toBeLessThanOrEqual(160);
    }
  });

  test('no simulated candle comes beside a real one: a lake of real candles stays as it is, exit code 1', async () => {
    const folder = join(temporaryFolder(), 'my lake');
    const run = (...args: string[]) => {
      const terminal = fakeTerminal({ CANDLELAKE_NOW: NOW });
      const words = ['run', '--interval', '1d', '--period', '3d', '--lake', folder, ...args];
      return runLakeProgram(words, terminal).then((code) => ({ code, ...terminal.written }));
    };
    expect(await run()).toMatchObject({ code: 0, err: expect.stringContaining(NOTICE) });
    expect(readdirSync(join(folder, 'candles'))).toEqual(['market=sim']);
    expect(await run()).toMatchObject({ code: 0, err: expect.stringContaining(NOTICE) });

    renameSync(join(folder, 'landing/klines/market=sim'), join(folder, 'landing/klines/market=um'));
    for (const place of ['candles', 'manifests']) rmSync(join(folder, place), { recursive: true });
    const refused = await run();
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^lake: ExchangeBusy: exchange is out of reach: fapi\.binance\.com \(ENOTFOUND\); /);
    expect(refused.err).toContain(`npx lake run --lake '${folder}' --interval 1d --period 3d --source simulated\n`);
    expect(existsSync(join(folder, 'candles'))).toBe(false);
  });

  test('plan uses simulated candles if no exchange was named, says so, and writes nothing', async () => {
    const { code, out, err } = await lake(['plan', '--period', '30d'], NO_URLS);
    expect({ code, err }).toEqual({
      code: 0,
      err: 'Binance is out of reach: using the built-in simulated exchange, market=sim.\n',
    });
    expect(out).toMatch(/^range {5}2024-02-04 10:00 to 2024-03-05 10:00 UTC, 15m, sim$/m);
    expect(out).toMatch(/^candles {3}2,880 wanted$/m);
    expect(out.split('\n').filter((line) => line.length > 80 && !line.startsWith('have'))).toEqual([]);
  });
});

test('plan --json is one line of JSON', async () => {
  const { code, out, err } = await lake([
    'plan',
    '--period',
    '30dias',
    '--symbols',
    'ethusdt',
    '--source',
    'simulated',
    '--json',
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.endsWith('}\n')).toBe(true);
  const plan = JSON.parse(out) as { market: string; simulated: boolean; series: { series: { symbol: string } }[] };
  expect(plan).toMatchObject({ market: 'sim', simulated: true });
  expect(plan.series.map(({ series }) => series.symbol)).toEqual(['ETHUSDT']);
});

describe('a lake that holds nothing of what was requested is exit code 2, one line, and no write:', () => {
  const RANGE = '--symbols BTCUSDT --interval 1h --from 2024-01-01 --to 2024-02-01'.split(' ');
  test.each([
    [['query', 'SELECT * FROM candles'], 'candles'],
    [['query', 'SELECT count(*) FROM Dataset'], 'candles'],
    [['query', 'SELECT * FROM runs'], 'runs'],
    [['query', 'SELECT 1', '--as-of', '2024-01-01'], 'versions'],
    [['gaps'], 'candles'],
    [['gaps', '--market', 'um', '--symbols', 'btcusdt'], 'candles of um BTCUSDT'],
    [['audit'], 'series'],
    [['audit', '--offline', '--interval', '1h'], 'series of 1h'],
    [['history'], 'versions'],
    [['history', '--symbols', 'BTCUSDT'], 'versions'],
    [['prune'], 'versions'],
    [['prune', '--remove'], 'versions'],
    [['dataset', ...RANGE, '--id-only'], 'um/BTCUSDT/1h'],
    [['dataset', ...RANGE, '--id-only', '--as-of', '2024-01-01'], 'versions'],
    [['verify', '3f2a9c1b'], 'dataset ids'],
  ])('lake %j', async (args, what) => {
    const { code, out, err } = await lake(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^lake: lake at \S+ holds no [^\n]+ `npx lake (run|dataset)[^\n]*\n$/);
    expect(err).toContain(` holds no ${what}`);
    const json = await lake([...args, '--json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toEqual({
      error: { name: 'BadInput', message: json.err.slice('lake: '.length, -1) },
    });
  });
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(await lake(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('help is exit code 0, on the output, and names every command', async () => {
  const { code, out, err } = await lake(['--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const command of ['run', 'plan', 'query', 'features']) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
  for (const command of [
    'run',
    'plan',
    'query',
    'features',
    'ls',
    'gaps',
    'dataset',
    'audit',
    'labels',
    'history',
    'verify',
    'prune',
  ]) {
    const help = await lake([command, '--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
  const names = [...PARQUET_TABLES, ...VIEWS].map(({ name }) => name);
  const words = (await lake(['query', '--help'])).out.split(/\s+/);
  expect(names.filter((name) => !words.includes(name))).toEqual([]);
});
