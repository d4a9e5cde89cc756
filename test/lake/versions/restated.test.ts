import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES } from '../../../lib/domain/tables.ts';
import { tableKey, versionsPrefix } from '../../../lib/lake/keys.ts';
import { describeWithRecordedData, recordedFile } from '../../support/recorded-data.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn, watchedFolder } from '../../support/store.ts';
import { saidBy } from '../../support/terminal.ts';

const BEFORE = Date.parse('2026-10-01T00:00Z');
const AFTER = Date.parse('2026-10-03T00:00Z');
const FIFTEEN_MIN_MS = 900_000;

/** Recorded days of six columns as the archive would have it; what was not recorded is zero. */
function rowsOf(day: string, fetched: string): string[] {
  const path = recordedFile(`futures-um/klines-6col/restated/BTCUSDT-15m-${day}.fetched-${fetched}.csv`);
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => `${line},${Number(line.split(',')[0]) + FIFTEEN_MIN_MS - 1},0,0,0,0,0`);
}

describeWithRecordedData('the candles that Binance restated between May 2024 and December 2025', () => {
  let lake: RefinedLake;
  let made: Record<string, string>;
  const mtimes = (period: string) =>
    TABLES.map((table) => statSync(join(lake.store.url, tableKey(table, lake.series, period))).mtimeMs);
  let mtimesBefore: number[];

  const landed = (day: string, fetched: string) => ({
    source: 'archive_monthly' as const,
    rows: rowsOf(day, fetched),
    fetchedAtMs: Date.parse(`${fetched}-15`),
  });

  beforeAll(async () => {
    lake = refinedLake(btc('15m'), watchedFolder());
    // A shard of a day, whose labels look at the day of 2023 and no further.
    await lake.land(page('15m', '2022-12-31T00:00Z', 96), landed('2023-11-10', '2024-05'));
    await lake.land(landed('2024-03-27', '2024-05'));
    await lake.refine({ nowMs: BEFORE, runId: 'first' });
    made = await madeIn(lake.store);
    mtimesBefore = mtimes('2022');
    await lake.land(landed('2024-03-27', '2025-12'));
    await lake.refine({ nowMs: AFTER, runId: 'second' });
  });

  const query = async (sql: string, asOf?: string) => {
    const past = asOf === undefined ? [] : ['--as-of', asOf];
    const { code, out, err } = await saidBy(['query', sql, '--json', '--lake', lake.store.url, ...past]);
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out) as Record<string, unknown>[];
  };

  test('are a new version of their shard; of the shard before, only labels that use them change', async () => {
    const after = await madeIn(lake.store);
    const changed = Object.keys(after).filter((key) => after[key] !== made[key]);
    expect(changed.filter((key) => key.includes('period=2022'))).toEqual([]);
    expect(mtimes('2022')).toEqual(mtimesBefore);
    expect(changed.filter((key) => /^(candles|features|labels).*period=2023/.test(key))).toEqual([
      tableKey('labels', lake.series, '2023'),
    ]);
    expect(changed.filter((key) => key.includes('period=2024')).length).toBeGreaterThanOrEqual(4);
  });

  test('read as of before and after give the old values and the new', async () => {
    const sql =
      'SELECT open_time, high, close, volume FROM candles ' +
      "WHERE open_time IN ('2024-03-27 12:15', '2024-03-27 12:30') ORDER BY 1";
    const values = (fetched: string) =>
      rowsOf('2024-03-27', fetched)
        .map((row) => row.split(',').map(Number))
        .filter(([time]) => ['2024-03-27T12:15Z', '2024-03-27T12:30Z'].map(Date.parse).includes(time!))
        .map((row) => [row[2], row[4], row[5]]);
    const answered = async (asOf?: string) => (await query(sql, asOf)).map((row) => Object.values(row).slice(1));
    expect(values('2024-05')).not.toEqual(values('2025-12'));
    expect(await answered('2026-10-02')).toEqual(values('2024-05'));
    expect(await answered('2026-10-03')).toEqual(values('2025-12'));
    expect(await answered()).toEqual(values('2025-12'));
  });

  test('every table as of before is what it was, column for column', async () => {
    const old = refinedLake(lake.series, watchedFolder());
    await old.land(page('15m', '2022-12-31T00:00Z', 96));
    await old.land(landed('2023-11-10', '2024-05'));
    await old.land(landed('2024-03-27', '2024-05'));
    await old.refine();
    for (const table of TABLES) {
      const sql = `SELECT * FROM ${table} ORDER BY ${table === 'gaps' ? 'from_time' : 'open_time'}`;
      const { out } = await saidBy(['query', sql, '--json', '--lake', old.store.url]);
      expect(await query(sql, '2026-10-02')).toEqual(JSON.parse(out));
    }
  });

  test('history says why, within 80 columns, and names what went in', async () => {
    const { code, out } = await saidBy(['history', '--lake', lake.store.url, '--symbols', 'BTCUSDT']);
    expect(code).toBe(0);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('revised: candles that it had');
    expect(out).toContain('6 changed, from 2024-03-27 12:15 to 2024-03-28 12:30');
    expect(out).toContain('later_revised: candles that its labels use');
    expect(out).toMatch(/192 candles; manifest [0-9a-f]{12}; run first\n {4}candles, features, gaps, labels kept\n/);
    const { out: json } = await saidBy(['history', '--shard', '2024', '--json', '--lake', lake.store.url]);
    expect(JSON.parse(json)).toMatchObject([
      {
        period: '2024',
        versions: [
          { reason: 'created', runId: 'first', candles: 192, inputsAdded: [expect.any(String)] },
          { reason: 'revised', runId: 'second', revision: { changed: 6 }, inputsAdded: [expect.any(String)] },
        ],
      },
    ]);
  });

  test('nothing is left behind in the lake, and a version is never put over', async () => {
    const versions = await lake.store.list(versionsPrefix(lake.series, '2024'));
    const records = versions.filter(({ key }) => key.endsWith('.json') && !key.includes('/files/'));
    expect(records).toHaveLength(2);
    expect(lake.store.puts.filter((key) => key.startsWith('versions/')).length).toBe(
      new Set(lake.store.puts.filter((key) => key.startsWith('versions/'))).size,
    );
  });
});

describe('what cannot be asked is one line, exit 2', () => {
  test.each([
    [['query', '--as-of', 'yesterday', 'SELECT 1'], 'as-of must be an ISO date'],
    [
      ['query', '--as-of', '2026-10-01', 'SELECT * FROM Funding'],
      'tables whose versions are kept (candles, features, labels, gaps), got funding',
    ],
    [['history', '--shard', '1999'], 'holds no versions'],
    [['history', '--shard', '2025-13'], 'shard must be a month such as 2024-02, a year such as 2024, or all, got'],
    [['history', '--interval', '7m'], 'interval must be one of'],
    [['prune', '--older-than', 'long'], "older-than must be a number and h, d or w such as 90d, got 'long'"],
    [['verify', 'nonsense'], "dataset id must be 64 digits 0-9a-f, or its first 6 or more, got 'nonsense'"],
    [['verify', '3f2a9'], "or its first 6 or more, got '3f2a9'"],
    [['verify', '3f2a9c'], 'holds no dataset ids: make one with `npx lake dataset --lake '],
  ])('%s', async (args, text) => {
    const lake = refinedLake(btc('12h'), watchedFolder());
    const { code, err, out } = await saidBy([...args, '--lake', lake.store.url]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(text);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('an instant before the first version', async () => {
    const lake = refinedLake(btc('12h'), watchedFolder());
    await lake.land(page('12h', '2021-11-01T00:00Z', 5));
    await lake.refine({ nowMs: AFTER });
    const { code, err } = await saidBy([
      'query',
      '--as-of',
      '2026-10-01',
      'SELECT * FROM candles',
      '--lake',
      lake.store.url,
    ]);
    expect(code).toBe(2);
    expect(err).toContain(
      'had published nothing by 2026-10-01T00:00:00Z: its first version is of 2026-10-03T00:00:00Z',
    );
  });

  test.each([
    [['query', 'SELECT count(*) FROM candles']],
    [['dataset', '--id-only', ...'--symbols BTCUSDT --interval 12h --from 2021-11-01 --to 2021-11-03'.split(' ')]],
  ])('an instant that is still to come, unless a version is of it: %j', async (args) => {
    const lake = refinedLake(btc('12h'), watchedFolder());
    await lake.land(page('12h', '2021-11-01T00:00Z', 5));
    await lake.refine({ nowMs: AFTER });
    const ask = (asOf: string, now: string) =>
      saidBy([...args, '--as-of', asOf, '--lake', lake.store.url], { CANDLELAKE_NOW: now });
    const { code, out, err } = await ask('2026-10-04T00:00:01Z', '2026-10-04');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      'lake: as-of must not be in the future, it is 2026-10-04T00:00:00Z now, got 2026-10-04T00:00:01Z\n',
    );
    expect(await ask('2026-10-04', '2026-10-04')).toMatchObject({ code: 0 });
    // A clock that is ahead of this one published the version at 2026-10-03.
    expect(await ask('2026-10-03', '2026-10-02')).toMatchObject({ code: 0 });
    expect((await ask('2026-10-03T00:00:01Z', '2026-10-02')).err).toContain('it is 2026-10-03T00:00:00Z now');
  });

  test('a shard of which there is no version', async () => {
    const lake = refinedLake(btc('12h'), watchedFolder());
    await lake.land(page('12h', '2021-11-01T00:00Z', 5));
    await lake.refine({ nowMs: AFTER });
    const history = async (...args: string[]) => (await saidBy(['history', ...args, '--lake', lake.store.url])).err;
    expect(await history('--shard', '2022')).toMatch(/has no versions of shard 2022; it has those of 2021\n$/);
    expect(await history('--shard', '2022', '--symbols', 'btcusdt')).toMatch(
      /has no versions of shard 2022 of BTCUSDT; it has those of 2021\n$/,
    );
    expect(await history('--shard', '2021', '--symbols', 'ETHUSDT')).toMatch(
      /has no versions of ETHUSDT; it has those of um\/BTCUSDT\/12h\n$/,
    );
  });
});
