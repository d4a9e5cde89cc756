import type { Chunk } from '../../../lib/domain/chunk.ts';
import { BadInput } from '../../../lib/domain/errors.ts';
import { archivePath } from '../../../lib/exchange/binance/archive-path.ts';
import type { SeriesBatch } from '../../../lib/lake/fetch/contract.ts';
import { receiptKey } from '../../../lib/lake/keys.ts';
import type { Plan, PlanRequest, PlanResult, SeriesItem } from '../../../lib/lake/plan/contract.ts';
import { makePlan, type PlanContext, plan } from '../../../lib/lake/plan/plan.ts';
import { testClock } from '../../support/clock.ts';
import { lakeBesideExchange, pagesInstead } from '../../support/fetched-lake.ts';

const NOW = Date.parse('2024-03-05T10:07:00Z');

const lake = lakeBesideExchange(NOW);

function world(changes: Partial<PlanContext> = {}): PlanContext {
  return {
    ...lake.world(),
    defaults: { market: 'um', symbols: ['BTCUSDT'], interval: '15m', period: '30d' },
    ...changes,
  };
}

async function make(request: PlanRequest, changes: Partial<PlanContext> = {}): Promise<Plan> {
  return await makePlan({ runId: 'r1', request }, world(changes));
}

async function message(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** Marks chunks as landed, without their bytes: planning looks at receipts only. */
async function landReceipts(chunks: readonly Chunk[], lastModifiedMs = NOW): Promise<void> {
  for (const { series, source, range } of chunks) {
    const id = { series, source, range, sha256: 'a'.repeat(64) };
    const fetched = { url: 'https://example.org/some.zip', fetchedAtMs: NOW, asOfMs: NOW, sizeBytes: 1 };
    const receipt = { ...id, ...fetched, lastModified: new Date(lastModifiedMs).toUTCString() };
    await lake.store.put(receiptKey(id), new TextEncoder().encode(JSON.stringify(receipt)));
  }
}

describe('makePlan', () => {
  test('the watch list: a monthly file, daily files, REST for the hours since', async () => {
    const made = await make({});
    expect(made.range).toEqual({ fromMs: Date.parse('2024-02-04T10:00Z'), toMs: Date.parse('2024-03-05T10:00Z') });
    expect(made.asOfMs).toBe(NOW);
    expect(made.archiveOnly).toBe(false);
    expect(made.notices).toEqual([]);
    expect(made.chunks.map((c) => `${c.source} ${new Date(c.range.fromMs).toISOString().slice(0, 13)}`)).toEqual([
      'archive_monthly 2024-02-01T00',
      'archive_daily 2024-03-01T00',
      'archive_daily 2024-03-02T00',
      'archive_daily 2024-03-03T00',
      'archive_daily 2024-03-04T00',
      'rest 2024-03-05T00',
    ]);
    expect(made.series).toEqual([
      {
        series: { market: 'um', symbol: 'BTCUSDT', interval: '15m' },
        range: made.range,
        periods: ['2024'],
        wantedCandles: 30 * 96,
        wantedChunks: 6,
        landedChunks: 0,
        outOfReach: [],
        rest: true,
        lakeReads: 0,
        remadeShards: 0,
        replacedCandles: 0,
        inputsAgain: 0,
      },
    ]);
    expect(made.totals).toMatchObject({
      series: 1,
      shards: 1,
      candles: 30 * 96,
      monthlyFiles: 1,
      dailyFiles: 4,
      restRequests: 1,
      requests: 11,
      restWeight: 2,
      downloadBytes: made.chunks.reduce((sum, c) => sum + c.sizeBytes, 0),
    });
    expect(made.totals.storedBytes).toBeGreaterThan(made.totals.downloadBytes);
    expect(made.totals.localSeconds).toBeGreaterThan(0);
    expect(made.totals.awsUsd).toBeGreaterThan(0);
  });

  test('every archive file of a plan is there under its path, with its checksum', async () => {
    await lake.restart({ nowMs: Date.parse('2026-06-05T10:07Z') });
    const made = await make({ symbols: ['BTCUSDT', '龙虾USDT'], period: '3m' });
    const files = made.chunks.filter((c) => c.source !== 'rest');
    expect(files.length).toBeGreaterThan(3);
    for (const { series, source, range } of files) {
      if (source === 'rest') continue;
      const url = `${lake.exchange.url}/${encodeURI(archivePath(series, source, range))}.CHECKSUM`;
      expect({ url, status: (await fetch(url)).status }).toEqual({ url, status: 200 });
    }
  });

  test('what has landed is not planned again; months of landed days are, once they are out', async () => {
    const first = await make({});
    await landReceipts(first.chunks);
    const second = await make({});
    expect(second.chunks).toEqual([]);
    expect(second.series[0]).toMatchObject({ wantedChunks: 6, landedChunks: 6 });
    expect(second.totals).toMatchObject({ requests: 0, downloadBytes: 0, candles: 30 * 96 });

    const april = Date.parse('2024-04-20T00:07Z');
    await lake.restart({ nowMs: april });
    const third = await make({ from: '2024-02-10', to: '2024-04-01' });
    expect(third.chunks.map((c) => `${c.source} ${new Date(c.range.fromMs).toISOString().slice(0, 7)}`)).toEqual([
      'archive_monthly 2024-03',
    ]);
  });

  test('before the archive begins there is REST, from the listing on', async () => {
    const made = await make({ interval: '1h', from: '2019-01-01', to: '2020-01-03' });
    expect(made.series[0]!.range.fromMs).toBe(Date.parse('2019-09-08T17:00Z'));
    expect(made.chunks.filter((c) => c.source === 'rest').map((c) => new Date(c.range.fromMs).toISOString())[0]).toBe(
      '2019-09-08T17:00:00.000Z',
    );
    expect(made.chunks.filter((c) => c.source === 'archive_monthly')).toHaveLength(1);
  });

  test('a lake in a bucket refuses simulated candles before any request', async () => {
    const store = { ...lake.store, url: 's3://some-bucket' };
    expect(await message(make({ market: 'sim' }, { store }))).toBe(
      "BadInput: market of a lake in a bucket must be one of um, cm, spot, got 'sim' for s3://some-bucket",
    );
    expect(lake.exchange.requests).toEqual([]);
  });

  test.each(['um', 'cm', 'spot', 'sim'] as const)('plans market %s', async (market) => {
    const symbols = market === 'cm' ? ['BTCUSD_PERP'] : ['ETHUSDT'];
    const made = await make({ market, symbols, interval: '1h' });
    expect(made.market).toBe(market);
    expect([...new Set(made.chunks.map((c) => c.source))]).toEqual(['archive_monthly', 'archive_daily', 'rest']);
  });

  test('all is every trading perpetual, and leaves out those too young for the range', async () => {
    const made = await make({ symbols: ['all'], interval: '1d', from: '2023-01-01', to: '2023-02-01' });
    const info = (await (await fetch(`${lake.exchange.url}/fapi/v1/exchangeInfo`)).json()) as {
      symbols: { symbol: string; status: string; contractType: string; onboardDate: number }[];
    };
    const trading = info.symbols.filter((s) => s.status === 'TRADING' && s.contractType === 'PERPETUAL');
    const old = trading.filter((s) => s.onboardDate < Date.parse('2023-02-01'));
    expect(made.series.map((s) => s.series.symbol)).toEqual(old.map((s) => s.symbol));
    expect(old.length).toBeGreaterThan(3);
    expect(old.length).toBeLessThan(trading.length);
    expect(made.notices).toEqual([
      `${trading.length - old.length} symbols were not listed in the range and are left out`,
    ]);
  });

  test('a delisted symbol comes from the archive alone, until its last file', async () => {
    await lake.restart({ nowMs: Date.parse('2026-06-05T10:00Z') });
    const info = await (await fetch(`${lake.exchange.url}/fapi/v1/exchangeInfo`)).text();
    const symbol = 'LUNAUSDT';
    expect(info).not.toContain(`"${symbol}"`);
    const made = await make({ symbols: [symbol], interval: '1d', from: '2022-01-01' });
    expect(made.archiveOnly).toBe(false);
    expect(made.chunks.length).toBeGreaterThan(0);
    expect(made.chunks.some((c) => c.source === 'rest')).toBe(false);
    expect(made.series[0]!.range.toMs).toBe(Math.max(...made.chunks.map((c) => c.range.toMs)));
    expect(await message(make({ symbols: [symbol], interval: '1d', from: '2024-06-01' }))).toMatch(
      /^BadInput: range must touch the listing of um\/LUNAUSDT\/1d, from .* until .*, got from 2024-06-01/,
    );
  });

  test('a clock that was set holds back a server that is ahead; one that is not, does not', async () => {
    const set = Date.parse('2024-02-10T12:00:00Z');
    const made = await make({ period: '2d' }, { clock: testClock(set), clockFixed: true });
    expect(made.asOfMs).toBe(set);
    expect(made.chunks.every((c) => c.range.toMs <= set)).toBe(true);
    expect((await make({ period: '2d' }, { clock: testClock(set) })).asOfMs).toBe(NOW);
    const ahead = { clock: testClock(NOW + 3_600_000), clockFixed: true };
    expect((await make({ period: '2d' }, ahead)).asOfMs).toBe(NOW);
  });
});

describe('makePlan, with half of the exchange', () => {
  test('451: says that the region is blocked and continues with the archive', async () => {
    lake.exchange.faults.add({ kind: 'status', status: 451, match: '/fapi/' });
    const made = await make({});
    expect(made.archiveOnly).toBe(true);
    expect(made.notices[0]).toMatch(/^this region is blocked by Binance \(HTTP 451\); going on with the archive alone/);
    expect(made.chunks.every((c) => c.source !== 'rest')).toBe(true);
    expect(made.series[0]!.outOfReach).toEqual([
      { fromMs: Date.parse('2024-03-05'), toMs: Date.parse('2024-03-05T10:00Z') },
    ]);
    expect(lake.exchange.requests.filter((r) => r.status === 451)).toHaveLength(1);
  });

  test('REST silent: symbols are checked against the archive', async () => {
    lake.exchange.faults.add({ kind: 'reset', match: '/fapi/' });
    expect((await make({ from: '2019-01-01', interval: '1d' })).series[0]!.range.fromMs).toBeGreaterThan(
      Date.parse('2019-12-01'),
    );
    expect(await message(make({ symbols: ['BTCUSDX'] }))).toMatch(
      /^BadInput: symbol .* got 'BTCUSDX', nearest are BTCUSD/,
    );
    const all = await make({ symbols: ['all'], interval: '1d', from: '2024-01-01' });
    expect(all.series.map((s) => s.series.symbol)).toContain('ETHUSDT');
    expect(all.notices.join('\n')).toContain('delisted ones included');
  });

  test('banned: one request, then the archive alone', async () => {
    lake.exchange.faults.add({ kind: 'status', status: 418, match: '/fapi/' });
    expect((await make({})).notices[0]).toMatch(/^Binance has banned this address for now \(HTTP 418\)/);
    expect(lake.exchange.requests.filter((r) => r.path.startsWith('/fapi/'))).toHaveLength(1);
  });

  test('a passing 503, reset or 429 is tried again', async () => {
    lake.exchange.faults.add(
      { kind: 'status', status: 503, match: '/time', times: 1 },
      { kind: 'status', status: 429, retryAfterSec: 3, match: '/exchangeInfo', times: 1 },
      { kind: 'reset', match: '?prefix=', times: 2 },
    );
    const clock = testClock(NOW);
    expect((await make({}, { clock })).chunks).toHaveLength(6);
    expect(clock.pauses).toContain(3_000);
  });

  test('a single 403, or a single page instead of an answer, takes no half of the exchange away', async () => {
    const paths = ['/time', '/exchangeInfo', '?prefix='];
    lake.exchange.faults.add(...paths.map((match) => ({ kind: 'status', status: 403, match, times: 1 }) as const));
    expect(await make({})).toMatchObject({ archiveOnly: false, notices: [] });
    for (const path of paths) {
      expect(await make({}, { http: pagesInstead(1, path) })).toMatchObject({ archiveOnly: false, notices: [] });
    }
    lake.exchange.faults.add({ kind: 'status', status: 403, match: '/fapi/' });
    expect((await make({})).notices[0]).toMatch(/^REST refused us \(.*HTTP 403.*\); going on with the archive alone/);
    expect(lake.exchange.requests.filter((r) => r.status === 403)).toHaveLength(3 + 4);
  });

  test('a lasting 429 is ExchangeBusy, for a plan without REST would miss candles', async () => {
    lake.exchange.faults.add({ kind: 'status', status: 429, retryAfterSec: 2, match: '/fapi/' });
    expect(await message(make({}))).toMatch(/^ExchangeBusy: .*HTTP 429/);
  });

  test('the questions of a plan count with all others of the process', async () => {
    const admitted: number[] = [];
    const { governor } = lake.world();
    const counting: PlanContext['governor'] = {
      ...governor,
      admit: async (host, charges) => {
        admitted.push(charges.at(-1)!.amount);
        await governor.admit(host, charges);
      },
    };
    await make({}, { governor: counting });
    await make({ market: 'spot' }, { governor: counting });
    // time and exchangeInfo, which weighs 20 in the spot market.
    expect(admitted).toEqual([1, 1, 1, 20]);
    expect(admitted).toHaveLength(lake.exchange.requests.filter(({ path }) => path.includes('/v')).length);
  });

  test('archive silent: REST for everything', async () => {
    lake.exchange.faults.add({ kind: 'reset', match: '?' });
    const made = await make({ period: '3d' });
    // The page of the day that is open is a window of its own.
    expect(made.chunks.map((c) => c.source)).toEqual(['rest', 'rest']);
    expect(made.notices[0]).toMatch(/^archive is not in reach/);
  });

  test('neither: ExchangeBusy names both', async () => {
    lake.exchange.faults.add({ kind: 'reset' });
    expect(await message(make({}))).toMatch(/^ExchangeBusy: exchange is not in reach: REST http.*; archive http.*/);
  });
});

describe('plan', () => {
  test('over budget: BadInput, nothing written, and the plan is still reported', async () => {
    const told: Plan[] = [];
    const changes = { budgetUsd: 0.000_01, onPlan: (made: Plan) => void told.push(made) };
    const said = await message(plan({ runId: 'r1', request: {} }, world(changes)));
    expect(said).toMatch(
      /^BadInput: estimated cost must be at most the budget of \$0\.00001 a run, got \$0\.\d+ for 1 series/,
    );
    expect(await lake.store.list('')).toEqual([]);
    expect(told.map((made) => made.totals.series)).toEqual([1]);
  });

  test('writes the plan and the items of the maps', async () => {
    const result = await plan({ runId: 'run-7', request: { symbols: ['BTCUSDT', 'ETHUSDT'], period: '1y' } }, world());
    const read = async <T>(key: string): Promise<T> =>
      JSON.parse(new TextDecoder().decode(await lake.store.get(key))) as T;
    expect(result).toEqual<PlanResult>({
      runId: 'run-7',
      planKey: 'runs/run-7/plan.json',
      archiveKey: 'runs/run-7/archive.json',
      restKey: 'runs/run-7/rest.json',
      seriesKey: 'runs/run-7/series.json',
      batches: { archive: 4, rest: 1, streamArchive: 0, streamRest: 0 },
      totals: (await read<Plan>(result.planKey)).totals,
    });
    const written = await read<Plan>(result.planKey);
    const archive = await read<SeriesBatch[]>(result.archiveKey);
    const rest = await read<SeriesBatch[]>(result.restKey);
    expect([...archive, ...rest].flatMap((b) => b.chunks)).toEqual(written.chunks);
    const names = [...archive, ...rest].map((b) => b.batch);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z0-9-]+$/.test(name))).toBe(true);
    expect(archive.map((b) => b.chunks.length)).toEqual([8, 8, 8, 8]);
    expect(result.batches).toMatchObject({ archive: archive.length, rest: rest.length });
    expect(await read<SeriesItem[]>(result.seriesKey)).toEqual([
      { runId: 'run-7', series: { market: 'um', symbol: 'BTCUSDT', interval: '15m' } },
      { runId: 'run-7', series: { market: 'um', symbol: 'ETHUSDT', interval: '15m' } },
    ]);
  });

  const bad: [string, PlanRequest, RegExp][] = [
    [
      'an unknown symbol',
      { symbols: ['BTCUDST'] },
      /^symbol must be .* market um, got 'BTCUDST', nearest are BTCUSDT /,
    ],
    ['an unknown interval', { interval: '7m' }, /^interval must be one of/],
    ['an unknown period', { period: 'x' }, /^period must be/],
    ['from after to', { from: '2024-02-02', to: '2024-02-01' }, /^from must be before to/],
    ['the future', { from: '2024-03-06' }, /^range must begin before now, 2024-03-05T10:07:00Z, got from 2024-03-06/],
    [
      'a range before the listing',
      { symbols: ['SOLUSDT'], from: '2020-01-01', to: '2020-02-01' },
      /^range must touch the listing of um\/SOLUSDT\/15m, from 2020-09-14T07:00:00Z, got from 2020-01-01T00:00:00Z to /,
    ],
  ];
  test.each(bad)('refuses %s and writes nothing', async (_, request, expected) => {
    const planned = plan({ runId: 'r', request }, world());
    await expect(planned).rejects.toThrow(BadInput);
    await expect(planned).rejects.toThrow(expected);
    expect(await lake.store.list('')).toEqual([]);
  });
});
