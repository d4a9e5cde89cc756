import { formatEvidence } from '../../lib/cli/commands/format-evidence.ts';
import { formatPlan } from '../../lib/cli/commands/format-plan.ts';
import { formatReport } from '../../lib/cli/commands/format-report.ts';
import type { Chunk } from '../../lib/domain/chunk.ts';
import { GAP_CLASSES } from '../../lib/domain/gap-class.ts';
import type { Series } from '../../lib/domain/series.ts';
import { addLedgers } from '../../lib/lake/catalogue/add-ledgers.ts';
import type { Failure, RunReport } from '../../lib/lake/catalogue/contract.ts';
import type { ShardReport } from '../../lib/lake/manifest/contract.ts';
import type { Plan, PlannedSeries, PlanTotals } from '../../lib/lake/plan/contract.ts';

const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' };
const RANGE = { fromMs: Date.UTC(2019, 8, 8, 17), toMs: Date.UTC(2026, 10, 21, 3, 15) };

const NOTHING: PlanTotals = {
  ...{ series: 1, shards: 1, candles: 0, monthlyFiles: 0, dailyFiles: 0, restRequests: 0, requests: 0, restWeight: 0 },
  ...{ downloadBytes: 0, storedBytes: 0, localSeconds: 0, awsUsd: 0, awsReplacedUsd: 0, awsAuditUsd: 0 },
};
/** Five years of minutes of the whole market. */
const MUCH: PlanTotals = {
  ...{
    series: 612,
    shards: 36_720,
    candles: 1_610_000_000,
    monthlyFiles: 36_108,
    dailyFiles: 12_240,
    restRequests: 1_836,
  },
  ...{ requests: 98_532, restWeight: 3_672, downloadBytes: 9.99e10, storedBytes: 1.234e12, localSeconds: 359_999 },
  ...{ awsUsd: 1234.5, awsReplacedUsd: 1023.45, awsAuditUsd: 12.5 },
};

function planned(symbol: string, more: Partial<PlannedSeries> = {}): PlannedSeries {
  const series = { ...SERIES, symbol };
  const counts = {
    wantedCandles: 2_629_440,
    wantedChunks: 62,
    landedChunks: 61,
    outOfReach: [],
    rest: true,
    lakeReads: 0,
    remadeShards: 0,
    replacedCandles: 0,
    inputsAgain: 0,
  };
  return { series, range: RANGE, periods: ['2024'], ...counts, ...more };
}

function plan(totals: PlanTotals, series: readonly PlannedSeries[], chunks: readonly Chunk[] = []): Plan {
  const head = { runId: 'r', market: 'spot', interval: '15m', range: RANGE, asOfMs: RANGE.toMs } as const;
  return { ...head, archiveOnly: false, notices: [], series, chunks, totals };
}

const CHUNK: Chunk = { series: SERIES, source: 'rest', range: RANGE, asOfMs: RANGE.toMs, sizeBytes: 1 };

function wide(text: string): string[] {
  return text.split('\n').filter((line) => line.length > 80);
}

describe('a plan for people', () => {
  test('with nothing left to do says so', () => {
    const text = formatPlan(plan(NOTHING, [planned('BTCUSDT', { landedChunks: 62 })]), './lake');
    expect(text).toMatch(/^range {5}2019-09-08 17:00 to 2026-11-21 03:15 UTC, 15m, spot$/m);
    expect(text).toMatch(/^fetch {5}nothing: all of it has landed$/m);
    expect(text).toMatch(/^download {2}0 B in 0 requests$/m);
    expect(text).toMatch(/^cost {6}about \$0\.0000 on AWS$/m);
    expect(text).toMatch(/^ {2}um\/BTCUSDT\/15m {2}2,629,440 candles, 62\/62 chunks landed$/m);
    expect(text.endsWith('\n')).toBe(true);
    expect(wide(text)).toEqual([]);
  });

  test('of a whole market fits 80 columns and names the first ten series', () => {
    const many = Array.from({ length: 612 }, (_, i) => planned(i % 2 ? '1000000MOGUSDT' : 'BTCUSDT_261225'));
    const text = formatPlan(plan(MUCH, many, [CHUNK]), '/home/somebody/market-data/lake');
    expect(text).toMatch(/^fetch {5}36,108 monthly files, 12,240 daily files, 1,836 REST requests$/m);
    expect(text).toMatch(/^cost {6}about \$1234\.50 on AWS, \$1023\.45 of it to keep replaced tables$/m);
    expect(text).toMatch(/^ {2}… 602 more$/m);
    expect(text.match(/^ {2}um\//gm)).toHaveLength(10);
    expect(wide(text)).toEqual([]);
  });

  test('tells ranges out of reach within 80 columns', () => {
    const outOfReach = [RANGE, RANGE, RANGE];
    const text = formatPlan(plan(MUCH, [planned('BTCUSDT', { outOfReach })], [CHUNK]), './lake');
    expect(text).toContain('3 ranges out of reach');
    expect(wide(text)).toEqual([]);
  });
});

const SHARD: ShardReport = {
  ...{ period: '2024', manifestKey: 'k', manifestSha256: 's', recomputed: true, candles: 35_136, labels: 35_136 },
  ...{ firstOpenTimeMs: 0, lastOpenTimeMs: 0, missing: 3, duplicates: 0, notClosed: 0, conflicts: 1 },
  ...{ conflictSamples: [], sizeBytes: { candles: 1_000_000, features: 10_000_000, labels: 1_300_000, gaps: 10_000 } },
  ...{ quarantined: 0, grid: 36_000, unasked: 800, holes: [] },
  ...{ accounted: { unknown: { intervals: 864, candles: 0 }, archive_hole: { intervals: 3, candles: 3 } } },
};

/** The call of a run. */
function calledFrom(lake: string, seconds: number) {
  return { lake, seconds, archiveOnlyCommand: 'npx lake run --archive-only' };
}

const MANY = { intervals: 2_465_000, candles: 0 };

function report(more: Partial<RunReport> = {}): RunReport {
  const reported = {
    series: SERIES,
    wantedCandles: 35_136,
    candles: 35_132,
    ledger: addLedgers([SHARD, SHARD]),
    shards: [SHARD, SHARD],
  };
  return {
    ...{ runId: '20261121T031500Z-1f3a9c', complete: true, summary: 'complete: …', asOfMs: 0, finishedAtMs: 0 },
    ...{
      ...RANGE,
      totals: MUCH,
      notices: [],
      outOfReachCandles: 0,
      fetchedChunks: 14,
      failures: [],
      healed: [],
      recomputedShards: 1,
      partitionsAdded: 0,
    },
    ...{ series: [reported] },
    ...more,
  };
}

describe('a report for people', () => {
  test('adds up its shards', () => {
    const text = formatReport(report(), calledFrom('./lake', 200));
    expect(text.split('\n')).toEqual([
      'done in 3 min 20 s: run 20261121T031500Z-1f3a9c',
      '  range      2019-09-08 17:00 to 2026-11-21 03:15 UTC',
      '  candles    35,132',
      '  fetched    14 chunks',
      '  computed   1 of 2 shards',
      '  missing    4 candles',
      '  conflicts  2 rows',
      '  holes      6 archive_hole (healed), 128 unknown',
      '  unasked    1,600 candles since the listing that no run has wanted yet',
      '  lake       ./lake, 24.6 MB of Parquet in these shards',
      '  um/BTCUSDT/15m  35,132 candles',
      '',
    ]);
  });

  test('of a run that found nothing to do says so', () => {
    const text = formatReport(report({ fetchedChunks: 0, recomputedShards: 0 }), calledFrom('./lake', 1));
    expect(text).toMatch(/^ {2}fetched {4}nothing new$/m);
    expect(text).toMatch(/^ {2}computed {3}nothing new$/m);
  });

  const FAILURE: Failure = {
    stage: 'fetch',
    name: 'um/BTCUSDT/15m archive_monthly 2024-02',
    error: 'NotPublished',
    message: 'no',
  };

  test('of a run that failed names what failed, at most ten, and ends with what becomes of it', () => {
    const failures = [...Array<Failure>(12).fill(FAILURE), { ...FAILURE, stage: 'refine' as const }];
    const text = formatReport(report({ complete: false, failures, summary: 'incomplete: …' }), calledFrom('./lake', 1));
    expect(text).toMatch(/^incomplete in 1\.0 s: run /);
    expect(text.match(/^ {2}failed: fetch um\/BTCUSDT\/15m archive_monthly 2024-02: NotPublished: no$/gm)).toHaveLength(
      10,
    );
    expect(text.trimEnd().split('\n').slice(-2)).toEqual([
      '  … 3 more',
      'incomplete: 12 chunks and 1 series failed; the next run tries again',
    ]);
  });

  test('names candles that only REST has, with the command that wants only what the archive has', () => {
    const text = formatReport(report({ complete: false, outOfReachCandles: 128 }), calledFrom('./lake', 1));
    expect(text).toMatch(/^incomplete in 1\.0 s: run /);
    expect(text.trimEnd().split('\n').slice(-3)).toEqual([
      'incomplete: 128 candles can only come from REST, which is out of reach: no',
      '  archive file has them yet; to want only what the archive has:',
      '  npx lake run --archive-only',
    ]);
    expect(text).not.toContain('failed');
  });

  test('of a refusal by the CDN has its words once, in lines of 80 columns, and no page', () => {
    const url = 'https://data.binance.vision/data/futures/um/monthly/klines/BTCUSDT-15m-2024-02.zip';
    const page =
      '<HTML><HEAD><style>\nb{c:d}</style>\n</HEAD>\n<BODY>The request\ncould <b>not</b> be\u001b[2J satisfied';
    const message = `${FAILURE.name}: ${url} answered HTTP 403: ${page}`;
    const failures = [{ ...FAILURE, error: 'ExchangeRefused', message }];
    const text = formatReport(
      report({ complete: false, failures, summary: `incomplete: ${message}` }),
      calledFrom('./lake', 1),
    );
    expect(text.slice(text.indexOf('  failed:')).split('\n')).toEqual([
      '  failed: fetch um/BTCUSDT/15m archive_monthly 2024-02: ExchangeRefused:',
      '    https://data.binance.vision/…/BTCUSDT-15m-2024-02.zip answered HTTP 403: The',
      '    request could not be [2J satisfied',
      'incomplete: 1 chunk failed; the next run tries again',
      '',
    ]);
  });

  test('says of files that landed and cannot be read that no next run mends them by itself', () => {
    const failure = { stage: 'fetch', error: 'CorruptObject', message: 'no zip' } as const;
    const [broken, busy] = [
      { ...failure, name: 'um/BTCUSDT/1h archive_monthly 2024-02', landed: true } as const,
      { ...failure, name: 'um/BTCUSDT/1h rest 2024-03' },
    ];
    const last = (failures: RunReport['failures']) =>
      formatReport(report({ complete: false, failures }), calledFrom('./lake', 1))
        .trimEnd()
        .split('\n')
        .at(-1);
    expect(last([broken])).toBe('incomplete: 1 chunk failed; fetched again if the exchange publishes other bytes');
    expect(last([broken, busy])).toBe('incomplete: 2 chunks failed; the next run tries again');
  });

  test('names files that other sources healed, and why unless it is printed already', () => {
    const failure = { stage: 'fetch', error: 'CorruptObject', message: 'no zip' } as const;
    const [failed, broken] = ['2024-02', '2024-03'].map((month) => ({
      ...failure,
      name: `um/BTCUSDT/1h archive_monthly ${month}`,
    })) as [RunReport['healed'][0], RunReport['healed'][0]];
    const text = formatReport(
      report({ complete: false, failures: [failed], healed: [failed, broken] }),
      calledFrom('./lake', 1),
    );
    expect(text.split('\n').slice(-6)).toEqual([
      '  failed: fetch um/BTCUSDT/1h archive_monthly 2024-02: CorruptObject: no zip',
      '  healed by other sources: um/BTCUSDT/1h archive_monthly 2024-02',
      '  healed by other sources: um/BTCUSDT/1h archive_monthly 2024-03: CorruptObject:',
      '    no zip',
      'incomplete: 1 chunk failed; the next run tries again',
      '',
    ]);
  });

  test('of a whole market fits 80 columns', () => {
    const one = {
      series: { ...SERIES, symbol: '1000000MOGUSDT' },
      wantedCandles: 1,
      candles: 2_629_440,
      ledger: addLedgers([{ ...SHARD, accounted: Object.fromEntries(GAP_CLASSES.map((kind) => [kind, MANY])) }]),
      shards: [SHARD],
    };
    const text = formatReport(
      report({ series: Array(612).fill(one) }),
      calledFrom('/home/somebody/market-data', 359_999),
    );
    expect(text).toMatch(/^ {2}holes {6}1,508,580,000 exchange_absent, .*,\n {13}\d/m);
    for (const kind of GAP_CLASSES) expect(text).toContain(` ${kind}`);
    expect(text).toMatch(/^ {2}… 602 more$/m);
    expect(wide(text)).toEqual([]);
  });
});

test.each([
  [
    'settled',
    { settled: '2024-05-16T09:00:00Z', rows: 900, traded: 1 },
    'settled 2024-05-16 09:00, 900 rows kept back, 1 with trades',
  ],
  [
    'settled',
    { rule: 'frozen_tail', settled: '2024-05-16T09:01:00Z', rows: 899 },
    'frozen 2024-05-16 09:01, 899 rows kept back',
  ],
  ['not_listed', { listed: '2025-12-23T17:30:00Z', rows: 0 }, 'listed 2025-12-23 17:30'],
])('the evidence of %s %j in a few words', (kind, evidence, text) => {
  expect(formatEvidence(kind, JSON.stringify(evidence))).toBe(text);
});
