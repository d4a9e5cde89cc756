import { createHttp } from '../../lib/adapters/http.ts';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { exchangeUrls } from '../../lib/exchange/simulated/exchange-urls.ts';
import type { RunReport } from '../../lib/lake/catalogue/contract.ts';
import type { Plan, PlanRequest } from '../../lib/lake/plan/contract.ts';
import { refineStream } from '../../lib/lake/refine/streams/refine-stream.ts';
import type { Partition } from '../../lib/ports.ts';
import { runWorkflow } from '../../lib/workflow/run-workflow.ts';
import { stagesOf } from '../support/stages.ts';
import { rowsOf, type StreamLake, streamLake, tableHashes } from '../support/stream-lake.ts';
import { DAY_MS } from '../support/time.ts';

const START = Date.parse('2024-02-20T09:40Z');
/** Candles are not the point here: a day of them is enough to hang the streams on. */
const REQUEST: PlanRequest = { market: 'um', symbols: ['BTCUSDT'], interval: '4h', from: '2024-01-25', streams: true };

const definition = workflowDefinition();
let exchange: Exchange;
let nowMs = START;
afterEach(() => exchange.close());

async function open(options: ExchangeOptions = {}): Promise<void> {
  exchange = await startExchange({ nowMs: () => nowMs, ...options });
}

interface DailyRun {
  readonly status: string;
  readonly report: RunReport;
  readonly plan: Plan;
  readonly partitions: Readonly<Record<string, readonly Partition[]>>;
}

/** One whole run of the synthesised machine at that time, in this process. */
async function runAt(lake: StreamLake, atMs: number, request: PlanRequest = REQUEST): Promise<DailyRun> {
  nowMs = atMs;
  const urls = exchangeUrls(exchange.url);
  const clock = { nowMs: () => atMs, sleep: async () => {} };
  const world = { store: lake, http: createHttp(), clock, urls };
  const defaults = { market: 'um', symbols: ['BTCUSDT'], interval: '1h', period: '1y' };
  const partitions: Record<string, readonly Partition[]> = {};
  const tables = {
    addPartitions: async (table: string, own: readonly Partition[]) => {
      partitions[table] = own;
      return own.length;
    },
  };
  const runId = `run-${atMs}-${lake.puts.length}`;
  const outcome = await runWorkflow({
    definition,
    input: request,
    runId,
    store: lake,
    waitScale: 0,
    tasks: stagesOf({ ...world, defaults, tables }),
  });
  const read = (name: string) => JSON.parse(Buffer.from(lake.objects.get(`runs/${runId}/${name}`)!).toString());
  return { status: outcome.status, report: read('report.json'), plan: read('plan.json'), partitions };
}

/** Tables that hold what happened, and not when it was looked at. */
function eventTables(lake: StreamLake): Record<string, string> {
  const hashes = Object.entries(tableHashes(lake));
  return Object.fromEntries(hashes.filter(([key]) => /^(funding|open_interest|mark_candles)\//.test(key)));
}

function onlyFunding(hashes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(hashes).filter(([key]) => key.startsWith('funding/')));
}

test('two daily runs 20 days apart, and REST with 30 days alone: open interest without a hole', async () => {
  await open({ withdrawn: ['metrics'] });
  const lake = streamLake();
  expect(await runAt(lake, START)).toMatchObject({ status: 'SUCCEEDED', report: { complete: true } });
  const { report, partitions } = await runAt(lake, START + 20 * DAY_MS);
  expect(report).toMatchObject({
    complete: true,
    streams: { tables: { open_interest: { missing: 0, conflicts: 0 } } },
  });
  const rows = await rowsOf(lake, 'open_interest');
  const [first, last] = [rows[0]!['time'] as number, rows.at(-1)!['time'] as number];
  expect(first).toBe(Date.parse('2024-01-25'));
  expect(last).toBe(START + 20 * DAY_MS - 15 * 60_000);
  expect(rows).toHaveLength((last - first) / 300_000 + 1);
  expect(partitions['open_interest']).toEqual([
    { market: 'um', symbol: 'BTCUSDT', period: '2024-01' },
    { market: 'um', symbol: 'BTCUSDT', period: '2024-02' },
    { market: 'um', symbol: 'BTCUSDT', period: '2024-03' },
  ]);
  expect(partitions['instruments']).toEqual([{ market: 'um', period: '2024-02' }]);
});

test('forty days apart: a hole, counted in its row and reported', async () => {
  await open({ withdrawn: ['metrics'] });
  const lake = streamLake();
  await runAt(lake, START);
  const { report } = await runAt(lake, START + 40 * DAY_MS);
  const lost = (START + 40 * DAY_MS - 30 * DAY_MS + 3_600_000 - (START - 600_000)) / 300_000;
  expect(report.complete).toBe(true);
  expect(report.streams!.tables.open_interest.missing).toBe(lost);
  expect(report.notices).toEqual([expect.stringMatching(/^parts of open_interest um\/BTCUSDT can be asked of nobody/)]);
  const holes = (await rowsOf(lake, 'open_interest')).filter((row) => row['gap_before'] !== 0);
  expect(holes).toMatchObject([{ gap_before: lost, time: START + 10 * DAY_MS + 3_600_000 }]);
  // The streams that REST keeps have none.
  expect(report.streams!.tables.mark_candles.missing).toBe(0);
  expect(report.streams!.tables.funding.rows).toBeGreaterThan((60 * 24) / 8);
});

test('with files there is no hole; many runs, one run, and any order of landing give the same bytes', async () => {
  await open();
  const often = streamLake();
  for (const days of [0, 3, 20]) await runAt(often, START + days * DAY_MS);
  const last = await runAt(often, START + 40 * DAY_MS);
  expect(last.report.streams!.tables.open_interest).toMatchObject({ missing: 0, conflicts: 0 });
  const once = streamLake();
  await runAt(once, START + 40 * DAY_MS);
  // The one thing that only REST tells: the mark price of the fundings that it was asked about before their file came.
  const withoutPrice = (rows: Record<string, unknown>[]) => rows.map(({ mark_price: _, ...rest }) => rest);
  const [fundings, fundingsOfOnce] = [await rowsOf(often, 'funding'), await rowsOf(once, 'funding')];
  expect(withoutPrice(fundings)).toEqual(withoutPrice(fundingsOfOnce));
  const priced = (rows: Record<string, unknown>[]) => rows.filter((row) => row['mark_price'] !== null).length;
  expect(priced(fundings)).toBeGreaterThan(priced(fundingsOfOnce));
  expect(eventTables(often)).toEqual({ ...eventTables(once), ...onlyFunding(eventTables(often)) });
  expect(Object.keys(eventTables(once))).toHaveLength(5);

  // The same objects landed in another order, and refined at once, make the same tables, these too.
  const shuffled = streamLake();
  const landed = [...often.objects].filter(([key]) => key.startsWith('landing/streams/'));
  for (const [key, bytes] of landed.reverse()) shuffled.objects.set(key, bytes);
  for (const { stream } of last.plan.streams!.streams) {
    await refineStream(
      { runId: 'r', stream },
      { store: shuffled, clock: { nowMs: () => 0 }, codeHash: '0'.repeat(64) },
    );
  }
  const streamTables = Object.entries(tableHashes(often)).filter(
    ([key]) => !/^(candles|features|labels|gaps)\//.test(key),
  );
  expect(tableHashes(shuffled)).toEqual(Object.fromEntries(streamTables));

  // What the archive says of its files is remembered once, and then nothing at all is written.
  for (const learned of [2, 0]) {
    const puts = often.puts.length;
    const again = await runAt(often, START + 40 * DAY_MS);
    expect(again.report).toMatchObject({ fetchedChunks: 0, streams: { fetchedChunks: 0 } });
    const written = often.puts.slice(puts).filter((key) => !/^(runs|run_reports)\//.test(key));
    expect(written.filter((key) => !key.startsWith('checks/streams/'))).toEqual([]);
    expect(written).toHaveLength(learned);
  }
});

test('a stream that fails is named, ends the run incomplete, and leaves candles and other streams whole', async () => {
  await open({ faults: [{ kind: 'status', status: 403, match: 'openInterestHist' }] });
  const lake = streamLake();
  const { status, report } = await runAt(lake, START);
  expect(status).toBe('FAILED');
  expect(report.failures).toEqual([
    {
      stage: 'fetch',
      name: expect.stringMatching(/^open_interest um\/BTCUSDT rest 20240220T000000Z-20240220T093000Z$/),
      error: 'ExchangeRefused',
      message: expect.stringMatching(/answered HTTP 403/),
    },
  ]);
  expect(report.streams!.tables.funding.rows).toBeGreaterThan(0);
  expect(report.series[0]!.candles).toBe(report.series[0]!.wantedCandles);
  exchange.faults.clear();
  expect((await runAt(lake, START)).report).toMatchObject({ complete: true, streams: { fetchedChunks: 1 } });
});

test('a run that does not ask for streams touches none', async () => {
  await open();
  const lake = streamLake();
  const { streams: _, ...candlesOnly } = REQUEST;
  const { report } = await runAt(lake, START, candlesOnly);
  expect(report.streams).toBeUndefined();
  expect(lake.puts.filter((key) => /streams|funding|instruments/.test(key))).toEqual([]);
});
