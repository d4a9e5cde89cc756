import type { Interval } from '../../../lib/domain/interval.ts';
import { nextOpenTime } from '../../../lib/domain/interval.ts';
import { landingKey, manifestKey, tableKey } from '../../../lib/lake/keys.ts';
import type { Manifest } from '../../../lib/lake/manifest/contract.ts';
import { candleRows } from '../../support/candles.ts';
import { landedObject, type SeriesAnswer, tell } from '../../support/landing.ts';
import { btc, page, type RefinedLake, refinedLake } from '../../support/refined-lake.ts';
import { madeIn, putOver } from '../../support/store.ts';
import { candleTimesOf, ledgerOf, tableOf } from '../../support/tables.ts';
import { at } from '../../support/time.ts';

const range = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });

/** The candles that the exchange prints after a settlement: one price, no trade. */
function frozenRows(interval: Interval, from: string, to: string, price = 0.7): string[] {
  const rows: string[] = [];
  for (let timeMs = at(from); timeMs < at(to); timeMs = nextOpenTime(interval, timeMs)) {
    rows.push([timeMs, price, price, price, price, 0, nextOpenTime(interval, timeMs) - 1, 0, 0, 0, 0, 0].join(','));
  }
  return rows;
}

function file(interval: Interval, from: string, to: string, rows: readonly string[]): SeriesAnswer {
  void interval;
  return { source: 'archive_monthly', range: range(from, to), rows };
}

async function chainsOf({ store, series }: RefinedLake, periods: readonly string[]): Promise<string[]> {
  const manifests = await Promise.all(periods.map((period) => store.get(manifestKey(series, period))));
  return manifests.map((bytes) => (JSON.parse(Buffer.from(bytes!).toString()) as Manifest).chain);
}

describe('rows outside the life of a symbol', () => {
  const YEAR_END = page('1h', '2023-12-25T00:00Z', 7 * 24, { source: 'rest' });
  const NEW_YEAR = page('1h', '2024-01-01T00:00Z', 48, { source: 'rest' });

  test('before the listing are kept in landing and served nowhere', async () => {
    const lake = refinedLake(btc('1h'));
    await lake.land(YEAR_END, NEW_YEAR);
    const fact = await tell(lake, { evidence: 'exchange_info', listedMs: at('2024-01-01T10:30Z') });
    await lake.refine();
    const { shards } = await lake.report();
    expect(shards).toMatchObject([{ period: '2024', candles: 38, quarantined: 10 }]);
    for (const table of ['candles', 'features'] as const) {
      const times = (await tableOf(lake, table)).map((row) => Number(row['open_time']));
      expect(Math.min(...times)).toBe(at('2024-01-01T10:00Z'));
    }
    // The year in which nothing was listed has no shard, and is in the account of the first.
    expect(await ledgerOf(lake)).toMatchObject([
      {
        ...range('2023-12-25', '2024-01-01T10:00Z'),
        class: 'not_listed',
        intervals: 7 * 24 + 10,
        candles: 0,
        evidence: { listed: '2024-01-01T10:30:00Z', facts: [fact], rows: 7 * 24 + 10 },
      },
    ]);
    const object = await landedObject({ series: lake.series, ...YEAR_END });
    expect(await lake.store.get(landingKey(object.id))).toEqual(new Uint8Array(object.bytes));
  });

  test('of a ticker that another asset had before are not those of the one that has it now', async () => {
    const lake = refinedLake(btc('1h'));
    const older = { evidence: 'exchange_info', listedMs: at('2023-12-01'), settledMs: at('2023-12-28') } as const;
    await tell(lake, older);
    await lake.land(YEAR_END);
    await lake.refine();
    expect(await candleTimesOf(lake)).toHaveLength(3 * 24);
    // The ticker comes back. Nothing of the old instrument is served under it any more.
    await tell(lake, { evidence: 'exchange_info', listedMs: at('2024-01-01T05:00Z') });
    await lake.land(NEW_YEAR);
    await lake.refine();
    const times = await candleTimesOf(lake);
    expect([Math.min(...times), times.length]).toEqual([at('2024-01-01T05:00Z'), 43]);
    for (const table of ['candles', 'features', 'labels'] as const) {
      const first = Math.min(...(await tableOf(lake, table)).map((row) => Number(row['open_time'])));
      if (Number.isFinite(first)) expect(first).toBeGreaterThanOrEqual(at('2024-01-01T05:00Z'));
    }
    expect((await lake.periods()).recomputed).toEqual([]);
  });

  test('from the settlement on are settled; a fact that comes late changes that shard and none before', async () => {
    const lake = refinedLake(btc('1h'));
    await lake.land(YEAR_END, NEW_YEAR);
    await lake.refine();
    const periods = ['2023', '2024'];
    const before = { chains: await chainsOf(lake, periods), made: await madeIn(lake.store) };
    await tell(lake, { evidence: 'exchange_info', settledMs: at('2024-01-01T09:00Z') });
    await lake.refine();
    const [settled, ...none] = await ledgerOf(lake);
    expect(none).toEqual([]);
    expect(settled).toMatchObject({ ...range('2024-01-01T09:00Z', '2024-01-03'), class: 'settled', candles: 0 });
    expect((await lake.report()).shards).toMatchObject([
      { period: '2023', candles: 168, quarantined: 0 },
      { period: '2024', candles: 9, quarantined: 39, grid: 48, accounted: { settled: { intervals: 39, candles: 0 } } },
    ]);
    const after = { chains: await chainsOf(lake, periods), made: await madeIn(lake.store) };
    expect(after.chains[0]).toBe(before.chains[0]);
    expect(after.chains[1]).not.toBe(before.chains[1]);
    const key = tableKey('features', lake.series, '2023');
    expect(after.made[key]).toBe(before.made[key]);
  });

  test('a settlement that is announced changes no value of what went before', async () => {
    const lake = refinedLake(btc('1h'));
    await lake.land(YEAR_END, NEW_YEAR);
    await lake.refine();
    const before = await madeIn(lake.store);
    await tell(lake, { evidence: 'exchange_info', settledMs: at('2024-06-01T09:00Z') });
    await lake.refine();
    const after = await madeIn(lake.store);
    expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual([manifestKey(lake.series, '2024')]);
  });

  test('a shard that had candles and lost all of them is served empty, and stays so', async () => {
    const lake = refinedLake(btc('1h'));
    await lake.land(YEAR_END, NEW_YEAR);
    await lake.refine();
    await tell(lake, { evidence: 'exchange_info', settledMs: at('2023-12-31') });
    await lake.refine();
    expect(await candleTimesOf(lake)).toHaveLength(6 * 24);
    expect((await lake.report()).shards).toMatchObject([
      { period: '2023', candles: 144, quarantined: 24 },
      { period: '2024', candles: 0, quarantined: 48, grid: 48 },
    ]);
    expect((await lake.periods()).recomputed).toEqual([]);
    // Put off: all of them are back as they were.
    await tell(lake, { evidence: 'exchange_info', settledMs: at('2025-01-01') });
    await lake.refine();
    const undisturbed = refinedLake(btc('1h'));
    await undisturbed.land(YEAR_END, NEW_YEAR);
    await undisturbed.refine();
    const tables = (made: Record<string, string>) =>
      Object.entries(made).filter(([key]) => !key.startsWith('manifests/'));
    expect(tables(await madeIn(lake.store))).toEqual(tables(await madeIn(undisturbed.store)));
  });

  test('a settlement told later explains what was asked in vain behind the last shard', async () => {
    const lake = refinedLake(btc('1h'));
    await lake.land(YEAR_END, { source: 'rest', rows: [], range: range('2024-01-01', '2024-01-02') });
    await lake.refine();
    expect(await ledgerOf(lake)).toMatchObject([{ class: 'unknown', intervals: 24 }]);
    await tell(lake, { evidence: 'exchange_info', settledMs: at('2024-01-01') });
    await lake.refine();
    expect(await ledgerOf(lake)).toMatchObject([{ class: 'settled', intervals: 24 }]);
  });

  test('a listing that turns out earlier brings back what was kept, labels that look ahead included', async () => {
    const lake = refinedLake(btc('1h'));
    await lake.land(YEAR_END, NEW_YEAR);
    await tell(lake, { evidence: 'archive', listedMs: at('2024-01-01T10:00Z') });
    await lake.refine();
    await tell(lake, { evidence: 'archive', listedMs: at('2023-12-28') });
    await lake.refine();
    const atOnce = refinedLake(btc('1h'));
    await atOnce.land(YEAR_END, NEW_YEAR);
    await tell(atOnce, { evidence: 'archive', listedMs: at('2023-12-28') });
    await atOnce.refine();
    expect(await madeIn(lake.store)).toEqual(await madeIn(atOnce.store));
    expect((await lake.periods()).recomputed).toEqual([]);
  });

  test('a fact whose bytes are not those of its name is refused', async () => {
    const lake = refinedLake(btc('1h'));
    const sha256 = await tell(lake, { evidence: 'exchange_info', listedMs: 1 });
    const key = (await lake.store.list('landing/listings/'))[0]!.key;
    await putOver(lake.store, key, Buffer.from('{}'));
    await expect(lake.refine()).rejects.toMatchObject({
      name: 'CorruptObject',
      message: expect.stringContaining(sha256),
    });
  });
});

describe('a delisted symbol of which only the archive tells', () => {
  const END = '2024-02-01';
  const traded = candleRows('1h', '2023-12-20T00:00Z', 12 * 24 + 100);
  const [december, january] = [traded.slice(0, 12 * 24), traded.slice(12 * 24)];
  const FROZEN_FROM = '2024-01-05T04:00Z';

  async function delisted(months: readonly SeriesAnswer[], endMs = at(END)): Promise<RefinedLake> {
    const lake = refinedLake(btc('1h'));
    await tell(lake, { evidence: 'archive', listedMs: at('2023-12-01'), settledMs: endMs });
    await lake.land(...months);
    await lake.refine();
    return lake;
  }

  const months = (frozen: readonly string[]) => [
    file('1h', '2023-12-01', '2024-01-01', december),
    file('1h', '2024-01-01', '2024-02-01', [...january, ...frozen]),
  ];

  test('ends at the first candle from which the price is constant to the end without a trade', async () => {
    const lake = await delisted(months(frozenRows('1h', FROZEN_FROM, END)));
    const rows = await ledgerOf(lake);
    expect(rows.at(-1)).toMatchObject({
      ...range(FROZEN_FROM, END),
      class: 'settled',
      evidence: { rule: 'frozen_tail', price: 0.7, settled: '2024-01-05T04:00:00Z', rows: 644 },
    });
    expect(Math.max(...(await candleTimesOf(lake)))).toBe(at(FROZEN_FROM) - 3_600_000);
    expect((await lake.periods()).recomputed).toEqual([]);
  });

  test.each([
    ['a tail shorter than a day', frozenRows('1h', '2024-01-31T01:00Z', END)],
    [
      'a tail with a trade behind it',
      [...frozenRows('1h', FROZEN_FROM, '2024-01-31T23:00Z'), ...candleRows('1h', '2024-01-31T23:00Z', 1)],
    ],
    [
      'a tail whose price moves on its last day',
      [...frozenRows('1h', FROZEN_FROM, '2024-01-31T12:00Z'), ...frozenRows('1h', '2024-01-31T12:00Z', END, 0.6)],
    ],
  ])('has %s: candles like any other', async (_, frozen) => {
    const lake = await delisted(months(frozen));
    expect(await candleTimesOf(lake)).toHaveLength(traded.length + frozen.length);
  });

  test('whose last file has not landed keeps its quiet hours', async () => {
    const lake = await delisted(months(frozenRows('1h', FROZEN_FROM, END)), at('2024-03-01'));
    expect(await candleTimesOf(lake)).toHaveLength(traded.length + 644);
  });

  test('whose last file cannot be read keeps them too: nobody knows whether it trades on', async () => {
    const broken = file('1h', '2024-02-01', '2024-03-01', ['1706745600000,no,candle']);
    const lake = await delisted([...months(frozenRows('1h', FROZEN_FROM, END)), broken], at('2024-03-01'));
    expect(await candleTimesOf(lake)).toHaveLength(traded.length + 644);
    expect((await lake.report()).failed).toMatchObject([{ landed: true, error: 'UnexpectedFormat' }]);
  });

  test('of which the exchange tells keeps them too: it says itself when it settled', async () => {
    const lake = await delisted(months(frozenRows('1h', FROZEN_FROM, END)));
    await tell(lake, { evidence: 'exchange_info', status: 'TRADING', listedMs: at('2023-12-20') });
    await lake.refine();
    expect(await candleTimesOf(lake)).toHaveLength(traded.length + 644);
  });

  test('is frozen over shards in whatever order they land', async () => {
    // At twelve hours the tail begins in 2023, fills all of 2024 and ends in 2025.
    const rows = candleRows('12h', '2023-11-01T00:00Z', 60);
    const all = [
      file('12h', '2023-11-01', '2024-01-01', [...rows, ...frozenRows('12h', '2023-12-01T00:00Z', '2024-01-01')]),
      file('12h', '2024-01-01', '2025-01-01', frozenRows('12h', '2024-01-01', '2025-01-01')),
      file('12h', '2025-01-01', '2025-02-01', frozenRows('12h', '2025-01-01', '2025-02-01')),
    ].map((month): SeriesAnswer => ({ ...month, source: 'rest' }));
    const last = {
      source: 'archive_daily',
      range: range('2025-02-01', '2025-02-02'),
      rows: frozenRows('12h', '2025-02-01', '2025-02-02'),
    } as const;
    const made: unknown[] = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const lake = refinedLake(btc('12h'));
      await tell(lake, { evidence: 'archive', settledMs: at('2025-02-02') });
      for (const index of order) {
        await lake.land(all[index]!);
        if (order[0] !== 2) await lake.refine();
      }
      await lake.land(last);
      await lake.refine();
      const rows = (await ledgerOf(lake)).map(({ fromMs, toMs, class: kind }) => ({ fromMs, toMs, kind }));
      expect(rows[0]).toMatchObject({ fromMs: at('2023-12-01'), kind: 'settled' });
      expect(rows.at(-1)).toMatchObject({ toMs: at('2025-02-02'), kind: 'settled' });
      made.push([await tableOf(lake, 'candles'), await tableOf(lake, 'features')]);
      expect((await lake.periods()).recomputed).toEqual([]);
    }
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
  });
});
