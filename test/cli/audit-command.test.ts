import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import type { Market } from '../../lib/domain/market.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { MemoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { auditedLake } from '../support/audited-lake.ts';
import { flip, rewrite } from '../support/damage.ts';
import { deadUrl } from '../support/dead-url.ts';
import { temporaryFolder } from '../support/folder.ts';
import { keyWith } from '../support/store.ts';
import { fakeTerminal } from '../support/terminal.ts';

const NOW = '2024-02-03T10:07:00Z';

let exchange: Exchange;
const made = new Map<Market, MemoryStore>();

beforeAll(async () => {
  exchange = await startExchange({ nowMs: Date.parse(NOW) });
  for (const market of ['um', 'sim'] as const) {
    const lake = auditedLake(exchange);
    await lake.run({ market, symbol: 'BTCUSDT', interval: '4h' }, [['archive_monthly', '2024-01']]);
    made.set(market, lake.store);
  }
});
afterAll(() => exchange.close());

/** A folder lake with what was made of these markets. */
async function folderLake(...markets: readonly Market[]): Promise<{ folder: string; store: ObjectStore }> {
  const folder = join(temporaryFolder(), 'lake');
  const store = folderObjectStore(folder);
  for (const market of markets) {
    for (const [key, bytes] of made.get(market)!.objects) await store.put(key, bytes);
  }
  return { folder, store };
}

async function audit(folder: string, args = '', url = exchange.url, variables: Record<string, string> = {}) {
  const urls = { CANDLELAKE_REST_URL: url, CANDLELAKE_ARCHIVE_URL: url };
  const terminal = fakeTerminal({ CANDLELAKE_LAKE: folder, CANDLELAKE_NOW: NOW, ...urls, ...variables });
  const code = await runLakeProgram(['audit', ...args.split(' ').filter(Boolean)], terminal);
  return { code, ...terminal.written };
}

test('a clean lake of two markets, each compared with its own exchange: 0, counts, a report in the lake', async () => {
  const { folder, store } = await folderLake('um', 'sim');
  const { code, out, err } = await audit(folder, '--sample 2');
  expect({
    code,
    lines: out
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/\S+Z-\S+/, '<id>')),
  }).toEqual({
    code: 0,
    lines: [
      'audit <id> of 2 series, 2 days of each, seed 20240203',
      '18 objects checked, 0 findings: 0 wrong, 0 differ, 0 to note',
    ],
  });
  expect(err).toContain('audit          14/14 checks\n');
  const [report] = await store.list('audits/');
  expect(JSON.parse(Buffer.from((await store.get(report!.key))!).toString())).toMatchObject({
    clean: true,
    series: 2,
    // Two days, daily file and REST hour each, in each market.
    samples: 8,
  });
});

test('damage: 1, each finding with both values within 80 columns, what to do; --json has the same', async () => {
  const { folder, store } = await folderLake('um');
  await rewrite(store, keyWith(made.get('um')!, 'labels/'), flip(900));
  const { code, out, err } = await audit(folder, '--offline');
  expect(code).toBe(1);
  expect(err).not.toContain('offline');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(out).toMatch(/^wrong {4}manifests {2}um\/BTCUSDT\/4h {2}period=2024\/labels\.parquet\n {9}sha256\n/);
  expect(out).toMatch(/ {9}sha256\n {9}expected \w{12}…, found \w{12}…\n/);
  expect(out).toContain('\nwhat to do:\n  npx lake audit --repair, then npx lake run\noffline: the lake is compared');
  expect(out).toMatch(/\n9 objects checked, 1 finding: 1 wrong, 0 differ, 0 to note\n$/);
  const json = await audit(folder, '--offline --json');
  expect({ code: json.code, err: json.err }).toEqual({ code: 1, err: '' });
  expect(JSON.parse(json.out)).toMatchObject({ clean: false, counts: { wrong: 1 }, repaired: { shards: 0 } });

  const repaired = await audit(folder, '--offline --repair');
  expect(repaired.code).toBe(1);
  expect(repaired.out).toContain('\nwhat to do:\n  npx lake run makes it again from what landed\noffline: ');
  expect(repaired.out).toContain('\n1 shard will be rebuilt by the next npx lake run\n');
  expect(repaired.out).not.toContain('--repair');
  expect(Buffer.from((await store.get(keyWith(made.get('um')!, 'manifests/')))!).toString()).toBe('null\n');
});

test('exchange out of reach: the lake is compared with itself, and one line says so', async () => {
  const { folder } = await folderLake('um');
  const { code, out } = await audit(folder, '', await deadUrl());
  expect(code).toBe(0);
  expect(out.replaceAll('\n  ', ' ')).toMatch(
    /^exchange is out of reach: .*: the lake is compared with itself only\naudit /,
  );
});

test('what ends the audit of one series ends no other, and is named', async () => {
  const { folder } = await folderLake('um', 'sim');
  // What answers in the place of the listing speaks no XML.
  const listing = { CANDLELAKE_ARCHIVE_LISTING_URL: `${exchange.url}/fapi/v1/ping` };
  const { code, out } = await audit(folder, '', exchange.url, listing);
  expect(code).toBe(1);
  expect(out.replaceAll('\n  ', ' ')).toMatch(/failed {3}um\/BTCUSDT\/4h: UnexpectedFormat: archive listing/);
  expect(out).toContain('of 2 series');
});

test.each([
  ['--sample some', 'It must be a whole number or all'],
  ['--sample -3', 'It must be a whole number or all'],
  ['--sample 999999', "sample must be a whole number from 0 to 100000 or all, got '999999'"],
  ['--symbols ../etc', "symbol must be letters, digits and _ such as BTCUSDT or BTCUSD_PERP, got '../etc'"],
  ['--interval 7m', 'interval must be one of 1m'],
  ['--market moon', "market must be one of um, cm, spot, sim, got 'moon'"],
  ['--symbols ETHUSDT', 'holds no series of ETHUSDT'],
  ['--market cm --interval 1d', 'holds no series of cm 1d'],
  ['--lake ftp://lake', "lake must be a folder or s3://bucket, got 'ftp://lake'"],
  ['--mend', "unknown option '--mend'"],
])('bad usage is 2, one line, and nothing written: %s', async (args, said) => {
  const { folder, store } = await folderLake('um');
  const { code, out, err } = await audit(folder, args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^lake: [^\n]+\n$/);
  expect(err).toContain(said);
  expect(await store.list('audits/')).toEqual([]);
});
