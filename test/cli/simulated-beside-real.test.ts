import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

const NOW = '2024-03-05T12:00:30Z';
const ONLY = 'market sim: this lake holds simulated candles and no others\n';
const LEFT_OUT = 'market sim is left out: its candles are simulated; SQL that names sim reads them\n';

/** A lake with simulated candles alone, and one with real ones beside them. */
const simulated = temporaryFolder();
const both = temporaryFolder();

async function lake(folder: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const terminal = fakeTerminal({ CANDLELAKE_NOW: NOW, CANDLELAKE_LAKE: folder, ...variables });
  const code = await runLakeProgram(args, terminal);
  return { code, ...terminal.written };
}

beforeAll(async () => {
  const exchange = await startExchange({ nowMs: Date.parse(NOW) });
  try {
    const what = ['--symbols', 'BTCUSDT,ETHUSDT', '--interval', '1h', '--period', '20d'];
    expect(await lake(simulated, ['run', '--source', 'simulated', ...what])).toMatchObject({ code: 0 });
    cpSync(simulated, both, { recursive: true });
    const urls = { CANDLELAKE_REST_URL: exchange.url, CANDLELAKE_ARCHIVE_URL: exchange.url };
    expect(await lake(both, ['run', ...what, '--symbols', 'BTCUSDT'], urls)).toMatchObject({ code: 0 });
  } finally {
    await exchange.close();
  }
}, 600_000);

async function asked(folder: string, sql: string) {
  const { code, out, err } = await lake(folder, ['query', sql, '--format', 'csv']);
  return { code, rows: out.trim().split('\r\n').slice(1), err };
}

describe('a lake with real and simulated candles', () => {
  test.each(['candles', 'features', 'dataset', 'ml_xgboost'])(
    'a query of %s without a market reads the real ones alone, and a line says so',
    async (table) => {
      const rows = `SELECT open_time FROM ${table} GROUP BY symbol, open_time HAVING count(*) > 1`;
      const twice = `SELECT count(*) FROM (${rows})`;
      expect(await asked(both, twice)).toEqual({ code: 0, rows: ['0'], err: LEFT_OUT });
      const markets = `SELECT DISTINCT market, symbol FROM ${table}`;
      expect(await asked(both, markets)).toEqual({ code: 0, rows: ['um,BTCUSDT'], err: LEFT_OUT });
    },
  );

  test.each(['candles', 'features', 'dataset', 'ml_xgboost'])(
    'SQL that names sim reads both from %s',
    async (table) => {
      const sql = `SELECT market, symbol FROM ${table} WHERE market IN ('sim', 'um') GROUP BY ALL ORDER BY ALL`;
      expect(await asked(both, sql)).toEqual({
        code: 0,
        rows: ['sim,BTCUSDT', 'sim,ETHUSDT', 'um,BTCUSDT'],
        err: '',
      });
    },
  );

  test('the lake as it was later is read in the same way', async () => {
    const { out, err } = await lake(
      both,
      [...['query', 'SELECT DISTINCT market FROM candles', '--format', 'csv', '--as-of', '2099-01-01']],
      { CANDLELAKE_NOW: '2100-01-01' },
    );
    expect({ out, err }).toEqual({ out: 'market\r\num\r\n', err: LEFT_OUT });
  });

  test('commands about series name each market, and read both', async () => {
    for (const command of ['gaps', 'history', 'labels']) {
      const { code, out, err } = await lake(both, [command, '--symbols', 'all']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      for (const name of ['sim/BTCUSDT/1h', 'sim/ETHUSDT/1h', 'um/BTCUSDT/1h']) expect(out).toContain(name);
    }
    expect(JSON.parse((await lake(both, ['audit', '--offline', '--json', '--symbols', 'ALL'])).out)).toMatchObject({
      series: 3,
      clean: true,
    });
  });

  test('a dataset is of the real market if none is named', async () => {
    const range = ['--interval', '1h', '--from', '2024-02-20', '--to', '2024-03-01', '--id-only', '--json'];
    const { code, out, err } = await lake(both, ['dataset', '--symbols', 'all', ...range]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ request: { market: 'um', symbols: ['BTCUSDT'] } });
  });
});

describe('a lake with simulated candles alone', () => {
  test.each([
    [['query', 'SELECT count(*) FROM candles']],
    [['gaps']],
    [['history']],
    [['audit', '--offline', '--json']],
    [
      [
        'dataset',
        '--symbols',
        'btcusdt',
        '--interval',
        '1h',
        '--from',
        '2024-02-20',
        '--to',
        '2024-03-01',
        '--id-only',
      ],
    ],
  ])('%j reads them without --market, and one line says so', async (args) => {
    expect(await lake(simulated, args)).toMatchObject({ code: 0, err: ONLY });
  });

  test('the JSON of a run says that candles and times are simulated', async () => {
    const what = ['run', '--source', 'simulated', '--interval', '1h', '--period', '20d', '--json'];
    expect(JSON.parse((await lake(simulated, what)).out)).toMatchObject({ complete: true, simulated: true });
  });

  test('a command that names the market has no note', async () => {
    for (const args of [
      ['gaps', '--market', 'sim'],
      ['query', `SELECT 1 FROM candles WHERE market = 'sim' LIMIT 1`],
    ]) {
      expect(await lake(simulated, args)).toMatchObject({ code: 0, err: '' });
    }
  });

  test('a dataset of all symbols has those that the lake holds of the interval', async () => {
    const range = ['--from', '2024-02-20', '--to', '2024-03-01', '--id-only', '--json'];
    const { out } = await lake(simulated, ['dataset', '--symbols', 'all', '--interval', '1h', ...range]);
    expect(JSON.parse(out)).toMatchObject({ request: { market: 'sim', symbols: ['BTCUSDT', 'ETHUSDT'] } });
    const none = await lake(simulated, ['dataset', '--symbols', 'all', '--interval', '1d', ...range]);
    expect(none).toMatchObject({ code: 2 });
    expect(none.err).toBe(
      `${ONLY}lake: lake at ${simulated} holds no candles of sim 1d: run \`npx lake run --interval 1d ` +
        '--from 2024-02-20 --to 2024-03-01` first\n',
    );
    const mixed = await lake(simulated, ['dataset', '--symbols', 'all,BTCUSDT', '--interval', '1h', ...range]);
    expect(mixed.err).toContain("symbols must be names or 'all' alone, got 'all,BTCUSDT'");
  });
});

test('hints of an audit name the lake of the call', async () => {
  const folder = join(temporaryFolder(), 'a lake');
  cpSync(simulated, folder, { recursive: true });
  rmSync(join(folder, 'candles/market=sim/symbol=BTCUSDT'), { recursive: true });
  const { code, out } = await lake(simulated, ['audit', '--offline', '--lake', folder]);
  expect(code).toBe(1);
  expect(out).toContain(`\n  npx lake audit --lake '${folder}' --repair, then npx lake run --lake '${folder}'\n`);
  const repaired = await lake(simulated, ['audit', '--offline', '--repair', '--lake', folder]);
  expect(repaired.out).toContain(`\n1 shard will be rebuilt by the next npx lake run --lake '${folder}'\n`);
});

test('simulated candles in a bucket are bad usage, because its views could not leave them out', async () => {
  for (const option of [
    ['--source', 'simulated'],
    ['--market', 'sim'],
  ]) {
    const { code, err } = await lake(simulated, ['run', '--lake', 's3://some-bucket', ...option]);
    expect({ code, err }).toEqual({
      code: 2,
      err: "lake: lake of simulated candles must be a folder, got 's3://some-bucket'\n",
    });
  }
});
