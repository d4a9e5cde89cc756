import { GLUE_CALLS_AT_ONCE } from '../../lib/adapters/aws/glue-catalogue.ts';
import { workflowDefinition } from '../../lib/app/workflow-definition.ts';
import { TABLES } from '../../lib/domain/tables.ts';
import { readConfig } from '../../lib/infra/config.ts';
import { secondsOf, useOf } from '../../lib/lake/cost/aws-use.ts';
import { priceOf, storagePrice } from '../../lib/lake/cost/prices.ts';
import type { SeriesBatch } from '../../lib/lake/fetch/contract.ts';
import { landingKey, manifestKey, receiptKey, tableKey } from '../../lib/lake/keys.ts';
import type { ShardReport } from '../../lib/lake/manifest/contract.ts';
import type { Plan, PlanResult, SeriesItem } from '../../lib/lake/plan/contract.ts';
import { plan } from '../../lib/lake/plan/plan.ts';
import { candleWork } from '../../lib/lake/plan/plan-work.ts';
import { exchangeAccess } from '../support/exchange-access.ts';
import { memoryStore, type PaperExchange, paperExchange } from './paper-exchange.ts';

/**
 * Quotas of the services as AWS documents them, by default, or the value that cannot be raised. The payload of Step
 * Functions, S3's request rate, Glue's 100 a call and Athena's row size come from stored public pages, the others from
 * memory. None was met in an account.
 */
const QUOTA = {
  statePayloadBytes: 262_144,
  itemFileBytes: 10e9,
  itemBytes: 8e6,
  historyEvents: 25_000,
  openChildren: 10_000,
  lambdaConcurrency: 1_000,
  lambdaSeconds: 900,
  glueBatchCreate: 100,
  gluePartitionsPerTable: 10e6,
  s3PutsPerSecondPerPrefix: 3_500,
  s3KeyBytes: 1_024,
  athenaRowBytes: 32e6,
  executionSeconds: 24 * 3600,
} as const;

const SYMBOLS = 600;
/** Seven years: the worst day is the first of a month, when the last month has daily files only. */
const NOW = Date.parse('2026-12-01T10:00Z');
const MONTHS = Array.from({ length: 84 }, (_, i) => new Date(Date.UTC(2019, 10 + i, 1)).toISOString().slice(0, 7));
const symbols = Array.from({ length: SYMBOLS }, (_, i) => `1000000${String(i).padStart(3, '0')}LONGNAMEUSDT`);
/** A month of 1m of a busy symbol, zipped. */
const MONTHLY_BYTES = 2_000_000;

let exchange: PaperExchange;
let result: PlanResult;
let made: Plan;
let batches: { archive: SeriesBatch[]; rest: SeriesBatch[] };
let series: SeriesItem[];
const store = memoryStore();
const sizeOf = (key: string) => store.objects.get(key)!.length;
const read = <T>(key: string) => JSON.parse(new TextDecoder().decode(store.objects.get(key))) as T;
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

beforeAll(async () => {
  exchange = paperExchange({ symbols, interval: '1m', nowMs: NOW, months: MONTHS, monthlyBytes: MONTHLY_BYTES });
  const world = {
    store,
    ...exchangeAccess({ nowMs: () => NOW, sleep: async () => {} }, 'http://paper', exchange.http),
    defaults: { market: 'um', symbols: ['BTCUSDT'], interval: '1m', period: '1y' },
  };
  const runId = 'everything-2026-12-01T10-00-00Z';
  result = await plan({ runId, request: { symbols: ['all'], interval: '1m', from: '2019-12-01' } }, world);
  made = read<Plan>(result.planKey);
  batches = { archive: read(result.archiveKey), rest: read(result.restKey) };
  series = read(result.seriesKey);
});

test('it is the whole market: 600 symbols, 84 months and more, 2 billion candles', () => {
  expect(made.series).toHaveLength(SYMBOLS);
  expect(result.totals).toMatchObject({ series: 600, shards: 600 * 85, monthlyFiles: 600 * 83, dailyFiles: 600 * 30 });
  expect(result.totals.candles).toBeGreaterThan(2.2e9);
});

describe('states', () => {
  test('carry keys and totals only, whatever the size of the run', () => {
    expect(bytesOf(result)).toBeLessThan(2_000);
    expect(bytesOf(result)).toBeLessThan(QUOTA.statePayloadBytes);
  });

  test('items are small, and so are the files they are read from', () => {
    for (const items of [batches.archive, batches.rest, series]) {
      const largest = Math.max(...items.map(bytesOf));
      expect(largest).toBeLessThan(QUOTA.itemBytes);
      // An item is the input of its child, and its failure is written with it and the error.
      expect(largest).toBeLessThan(QUOTA.statePayloadBytes / 8);
    }
    expect(batches.archive.length).toBe(Math.ceil((600 * 83) / 8) + Math.ceil((600 * 30) / 31));
    expect(series).toHaveLength(600);
    for (const key of [result.archiveKey, result.restKey, result.seriesKey]) {
      expect(sizeOf(key)).toBeLessThan(QUOTA.itemFileBytes / 100);
    }
  });

  test('maps open no more children than the service and the account allow', () => {
    const states = workflowDefinition()['States'] as Record<string, { Type: string; MaxConcurrency?: number }>;
    const limits = Object.values(states).filter(({ Type }) => Type === 'Map');
    expect(limits).toHaveLength(8);
    for (const { MaxConcurrency } of limits) {
      expect(MaxConcurrency).toBeGreaterThan(0);
      expect(MaxConcurrency).toBeLessThan(QUOTA.openChildren);
      expect(MaxConcurrency).toBeLessThanOrEqual(QUOTA.lambdaConcurrency / 2);
    }
  });

  test('histories stay short: children have their own', () => {
    // A task leaves five events a try; a fetch is tried 1 + 5 + 1 + 2 + 300 + 6 times at most, and then recorded, 6
    // tries more. 300 of them are the tries of a throttled account.
    const fetchChild = 5 * (315 + 6) + 4;
    // Each invocation of a series adds the task, its tries and the choice.
    const invocations = Math.ceil(seconds().refineSeries / (QUOTA.lambdaSeconds - 240));
    const refineChild = invocations * (5 * 310 + 2) + 5 * 6 + 4;
    // Plan, PlanHoles and Catalogue with their tries, and the maps.
    const parent = 3 * 5 * 315 + 5 * 5 + 6;
    expect(Math.max(fetchChild, refineChild)).toBeLessThan(QUOTA.historyEvents / 10);
    expect(parent).toBeLessThan(QUOTA.historyEvents / 5);
  });
});

describe('functions', () => {
  test('plan asks once or twice a symbol, and ends well within an invocation', () => {
    expect(exchange.requests.count).toBeLessThanOrEqual(2 * SYMBOLS + 5);
    // 32 questions at once (test/lake/plan/side-by-side.test.ts), a third of a second each.
    expect((exchange.requests.count / 32) * 0.35).toBeLessThan(QUOTA.lambdaSeconds / 20);
    // The plan in memory, its text, and the text's bytes: in a gibibyte.
    expect(4 * sizeOf(result.planKey)).toBeLessThan(0.5 * 1024 ** 3);
  });

  test('a batch and a series end within an invocation', () => {
    expect(seconds().fetchBatch).toBeLessThan(QUOTA.lambdaSeconds / 10);
    // Refine hands back with a cursor when less than 240 s are left.
    expect(seconds().refineSeries).toBeLessThan(QUOTA.lambdaSeconds - 240);
  });

  test('catalogue registers all partitions within a part of an invocation', () => {
    const perTable = result.totals.shards;
    expect(perTable).toBeLessThan(QUOTA.gluePartitionsPerTable / 100);
    // The table's storage, its partitions of the run's interval by the thousand, then a hundred a call.
    const calls = TABLES.length * (2 + Math.ceil(perTable / 1_000) + Math.ceil(perTable / QUOTA.glueBatchCreate));
    expect(calls).toBeLessThan(570 * TABLES.length);
    // A third of a second a call is assumed; eight calls at once.
    expect((calls / GLUE_CALLS_AT_ONCE) * 0.3).toBeLessThan(QUOTA.lambdaSeconds / 10);
  });
});

describe('the bucket', () => {
  test('keys are short and requests far below what one prefix takes', () => {
    const one = made.series[0]!.series;
    const range = made.chunks[0]!.range;
    const id = { series: one, source: 'archive_monthly' as const, range, sha256: 'a'.repeat(64) };
    const keys = [
      landingKey(id),
      receiptKey(id),
      manifestKey(one, '2024-02'),
      ...TABLES.map((t) => tableKey(t, one, '2024-02')),
    ];
    for (const key of keys) expect(Buffer.byteLength(key)).toBeLessThan(QUOTA.s3KeyBytes / 4);
    // Fifty children: four files at once in each, two puts a file; six puts a shard.
    const fetchPuts = (50 * 4 * 2) / (4 * secondsOf('file', 'fetch'));
    const refinePuts = (50 * 6) / (secondsOf('refinedShard', 'refine') + 44_640 * secondsOf('refinedCandle', 'refine'));
    expect(fetchPuts + refinePuts).toBeLessThan(QUOTA.s3PutsPerSecondPerPrefix / 2);
  });

  test('the report of the run is one row that Athena can read', () => {
    const shard: ShardReport = {
      period: '2024-02',
      manifestKey: manifestKey(made.series[0]!.series, '2024-02'),
      manifestSha256: 'a'.repeat(64),
      recomputed: true,
      candles: 44_640,
      firstOpenTimeMs: NOW,
      lastOpenTimeMs: NOW,
      labels: 44_640,
      missing: 0,
      duplicates: 0,
      notClosed: 0,
      conflicts: 0,
      conflictSamples: [],
      quarantined: 0,
      grid: 44_640,
      accounted: {},
      unasked: 0,
      holes: [],
      sizeBytes: { candles: 3_000_000, features: 19_000_000, labels: 1_000_000, gaps: 2_000 },
    };
    expect(result.totals.shards * (bytesOf(shard) + 1)).toBeLessThan(QUOTA.athenaRowBytes);
  });
});

test('time and cost of the whole are those in docs/scale.md', () => {
  const use = useOf(candleWork(made.series, made.chunks));
  const { fetchBatch, restMinutes, refineSeries } = seconds();
  const hoursAt = (children: number) =>
    ((batches.archive.length / children) * (fetchBatch + 1)) / 3600 +
    restMinutes / 60 +
    ((SYMBOLS / children) * (refineSeries + 1)) / 3600;
  const { concurrency } = readConfig(() => undefined);
  const hours = hoursAt(50);
  const hoursInNewAccount = hoursAt(Math.min(concurrency.archive, concurrency.refine));
  const figures = {
    usd: priceOf(use),
    storageUsdMonth: storagePrice(result.totals.storedBytes),
    hours,
    hoursInNewAccount,
    terabytes: result.totals.storedBytes / 1e12,
    planMb: sizeOf(result.planKey) / 1e6,
    archiveItemsMb: sizeOf(result.archiveKey) / 1e6,
  };
  if (process.env['CANDLELAKE_PRINT_SCALE']) {
    const { totals } = result;
    const counted = { batches: [batches.archive.length, batches.rest.length], requests: exchange.requests.count };
    const printed = { ...figures, use, ...seconds(), ...counted, totals, bytes: bytesOf(result) };
    process.stderr.write(`${JSON.stringify(printed, null, 1)}\n`);
  }
  expect(figures.usd).toBeGreaterThan(1);
  expect(figures.usd).toBeLessThan(25);
  expect(figures.hours).toBeLessThan(QUOTA.executionSeconds / 3600 / 6);
  expect(figures.hoursInNewAccount).toBeLessThan(QUOTA.executionSeconds / 3600 / 2);
});

/** Seconds that single items take, by the figures of lib/lake/cost/aws-use.ts. */
function seconds() {
  const shards = result.totals.shards / SYMBOLS;
  const candles = result.totals.candles / SYMBOLS;
  return {
    fetchBatch: secondsOf('batch', 'fetch') + 31 * secondsOf('file', 'fetch'),
    restMinutes: Math.max(
      result.totals.restWeight / 1_200,
      (result.totals.restRequests * secondsOf('restRequest', 'fetch')) / 60,
    ),
    refineSeries:
      secondsOf('series', 'refine') +
      shards * secondsOf('refinedShard', 'refine') +
      candles * secondsOf('refinedCandle', 'refine'),
  };
}
