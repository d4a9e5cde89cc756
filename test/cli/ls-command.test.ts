import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { formatInventory } from '../../lib/cli/commands/format-inventory.ts';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import type { LakeSummary, ListedSeries } from '../../lib/lake/inventory/summarise-lake.ts';
import { startMoto } from '../adapters/aws/moto-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

const NOW = '2024-03-05T12:00:30Z';
const moto = await startMoto();
const whole = temporaryFolder();

async function lake(...args: string[]) {
  const terminal = fakeTerminal({ CANDLELAKE_NOW: NOW });
  const code = await runLakeProgram(args, terminal);
  return { code, ...terminal.written };
}

beforeAll(async () => {
  for (const [symbols, interval, period] of [
    ['BTCUSDT,ETHUSDT', '1h', '40d'],
    ['BTCUSDT', '1d', '40d'],
  ]) {
    const wanted = ['--symbols', symbols!, '--interval', interval!, '--period', period!, '--lake', whole];
    const ran = await lake('run', '--source', 'simulated', '--streams', ...wanted);
    expect(ran).toMatchObject({ code: 0 });
  }
}, 120_000);
afterAll(() => {
  if (typeof moto !== 'string') moto.stop();
});

/** A copy of the lake, to be damaged. */
function copy(): string {
  const folder = temporaryFolder();
  cpSync(whole, folder, { recursive: true });
  return folder;
}

const BTC_1H = 'market=sim/symbol=BTCUSDT/interval=1h/period=2024';

describe('lake ls', () => {
  test('shows each series and stream with range, rows, gaps, size and age, and a total', async () => {
    const { code, out, err } = await lake('ls', '--lake', whole);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^series +from +to +candles +gaps +size +age$/);
    expect(lines.slice(1, 4).map((line) => line.split(/ {2,}/).slice(0, 5))).toEqual([
      ['sim/BTCUSDT/1h', '2024-01-01', '2024-03-05 12:00', '1,548', '0/0'],
      ['sim/BTCUSDT/1d', '2024-01-01', '2024-03-05 00:00', '64', '0/0'],
      ['sim/ETHUSDT/1h', '2024-01-01', '2024-03-05 12:00', '1,548', '0/0'],
    ]);
    expect(lines[1]).toMatch(/30 s$/);
    expect(lines[2]).toMatch(/ 12 h$/);
    for (const kind of ['instruments', 'funding', 'open_interest', 'mark_candles']) {
      expect(out).toMatch(new RegExp(`^${kind} +from +to +rows `, 'm'));
    }
    expect(out).toMatch(/^total: 3 series, \d+ streams, 3,160 candles, \d\.\d MB of Parquet$/m);
    expect(out).toContain('have none yet');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('agrees with the tables themselves, in JSON', async () => {
    const { out } = await lake('ls', '--json', '--lake', whole);
    const { series, totals } = JSON.parse(out) as LakeSummary;
    const sql =
      `SELECT symbol, interval, count(*) AS candles, min(c.open_time) AS first, max(c.known_at) AS last, ` +
      'count(l.open_time) AS labels FROM candles c LEFT JOIN labels l USING (market, symbol, interval, open_time) ' +
      'GROUP BY ALL ORDER BY symbol, interval DESC';
    const rows = JSON.parse((await lake('query', sql, '--json', '--lake', whole)).out) as Record<string, unknown>[];
    expect(
      series.map(({ symbol, interval, candles, from, to, labels }) => ({
        ...{ symbol, interval, candles, labels, first: from, last: to },
      })),
    ).toEqual(rows);
    const files = readdirSync(whole, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /^(candles|features|labels|gaps|instruments|funding|open_interest|mark_candles)\/.*\.parquet$/.test(name),
    );
    expect(totals.bytes).toBe(files.reduce((sum, name) => sum + readFileSync(join(whole, name)).length, 0));
  });

  test('takes market, symbols and interval, and refuses what the lake does not hold with exit code 2', async () => {
    const names = async (...args: string[]) =>
      (JSON.parse((await lake('ls', '--json', '--lake', whole, ...args)).out) as LakeSummary).series.map(
        ({ symbol, interval }) => `${symbol} ${interval}`,
      );
    expect(await names('--symbols', 'ethusdt')).toEqual(['ETHUSDT 1h']);
    expect(await names('--interval', '1d', '--market', 'sim')).toEqual(['BTCUSDT 1d']);
    expect(await names('--symbols', 'all')).toHaveLength(3);
    expect(await lake('ls', '--market', 'um', '--lake', whole)).toEqual({
      ...{ code: 2, out: '' },
      err: `lake: lake at ${whole} holds no candles of um: run \`npx lake run --lake ${whole} --market um\` first\n`,
    });
    expect(await lake('ls', '--lake', join(whole, 'nothing'))).toMatchObject({ code: 2, out: '' });
  });

  test('a market alone lists the same streams as the whole lake', async () => {
    const all = JSON.parse((await lake('ls', '--json', '--lake', whole)).out) as LakeSummary;
    expect(JSON.parse((await lake('ls', '--json', '--lake', whole, '--market', 'sim')).out)).toEqual(all);
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    [
      'a damaged manifest',
      (folder) => writeFileSync(join(folder, `manifests/${BTC_1H}/manifest.json`), '{"ser'),
      /^problem: manifests\/.*BTCUSDT.*manifest\.json is damaged$/m,
    ],
    [
      'a missing manifest',
      (folder) => rmSync(join(folder, `manifests/${BTC_1H}/manifest.json`)),
      /^problem: manifests\/.*BTCUSDT.*manifest\.json is missing$/m,
    ],
    [
      'a missing table',
      (folder) => rmSync(join(folder, `labels/${BTC_1H}/labels.parquet`)),
      /^problem: labels\/.*labels\.parquet is missing$/m,
    ],
    [
      'a table that was cut',
      (folder) => truncateSync(join(folder, `features/${BTC_1H}/features.parquet`), 100),
      /^problem: features\/.*has 100 bytes, its manifest lists \d+$/m,
    ],
    [
      'a damaged manifest of a stream',
      (folder) =>
        writeFileSync(
          join(folder, 'manifests/streams/funding/market=sim/symbol=BTCUSDT/period=2024/manifest.json'),
          '{',
        ),
      /^problem: manifests\/streams\/funding\/.* is damaged$/m,
    ],
  ])('names %s and ends with exit code 1', async (_, damage, said) => {
    const folder = copy();
    damage(folder);
    const { code, out } = await lake('ls', '--lake', folder);
    expect(code).toBe(1);
    expect(out.replaceAll('\n  ', ' ')).toMatch(said);
    expect(out.replaceAll('\n  ', ' ')).toContain(
      `to repair: npx lake audit --lake ${folder} --repair, then npx lake run --lake ${folder}`,
    );
    expect(out).toContain('sim/ETHUSDT/1h');
  });

  test('a shard that a run is rewriting is named, and is not a failure', async () => {
    const folder = copy();
    writeFileSync(join(folder, `manifests/${BTC_1H}/manifest.json`), 'null\n');
    const { code, out } = await lake('ls', '--lake', folder);
    expect(code).toBe(0);
    expect(out.replaceAll('\n  ', ' ')).toContain('lists no tables: a run is rewriting them, or was stopped');
  });
});

const onMoto = typeof moto === 'string' ? test.skip : test;
onMoto(`lists a bucket as it lists a folder${typeof moto === 'string' ? ` (skipped: ${moto})` : ''}`, async () => {
  if (typeof moto === 'string') return;
  const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
  await client.send(
    new CreateBucketCommand({ Bucket: 'listed', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  for (const name of readdirSync(whole, { recursive: true, encoding: 'utf8' })) {
    if (!/^(candles|features|labels|gaps|manifests|funding|instruments|open_interest|mark_candles)\/.*\./.test(name))
      continue;
    await client.send(new PutObjectCommand({ Bucket: 'listed', Key: name, Body: readFileSync(join(whole, name)) }));
  }
  client.destroy();
  const { region, credentials } = moto.clientConfig;
  const set = {
    AWS_ENDPOINT_URL_S3: moto.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const before = Object.keys(set).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, set);
  try {
    const ofFolder = JSON.parse((await lake('ls', '--json', '--lake', whole)).out) as LakeSummary;
    const ofBucket = JSON.parse((await lake('ls', '--json', '--lake', 's3://listed')).out) as LakeSummary;
    expect(ofBucket).toEqual({ ...ofFolder, lake: 's3://listed' });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test.each([
  [1, 100, 0],
  [1_000_000, 1_234_567, 0],
  [123_456_789, 1_234_567, 1_234_567],
])('formatInventory fits 80 columns with %d candles', (candles, explained, unknown) => {
  const one: ListedSeries = {
    ...{ market: 'um', symbol: '1000000BABYDOGEUSDT', interval: '15m' },
    ...{ shards: 1, from: '2019-09-08T17:45:00Z', to: '2026-12-01T00:15:00Z', candles, labels: candles },
    ...{ unlabelled: 0, bytes: 999_999_999, ageMs: 86_400_000 * 1500, gaps: { explained, unknown, unasked: 0 } },
  };
  const totals = { series: 1, streams: 0, candles, bytes: 1 };
  const text = formatInventory({ series: [one], streams: [], totals, problems: [] }, 80, {});
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).toContain('1000000BABYDOGEUSDT');
  expect(text).toContain(explained.toLocaleString('en-US'));
});
