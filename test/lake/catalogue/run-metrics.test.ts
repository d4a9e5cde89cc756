import type { ReportedSeries, RunReport } from '../../../lib/lake/catalogue/contract.ts';
import { runMetrics } from '../../../lib/lake/catalogue/run-metrics.ts';
import type { ShardReport } from '../../../lib/lake/manifest/contract.ts';
import { HOUR_MS } from '../../support/time.ts';

const NOON = Date.parse('2026-11-20T12:00Z');

function series(symbol: string, shards: readonly Partial<ShardReport>[]): ReportedSeries {
  return {
    series: { market: 'um', symbol, interval: '1h' },
    wantedCandles: 0,
    candles: 0,
    ledger: { grid: 0, candles: 0, accounted: {}, unasked: 0 },
    shards: shards as readonly ShardReport[],
  };
}

const made = { recomputed: true, candles: 10, missing: 2, conflicts: 1 };

test('counts what this run recomputed, and not what was there', () => {
  const report = {
    finishedAtMs: NOON,
    series: [
      series('A', [
        { ...made, lastOpenTimeMs: NOON - 30 * HOUR_MS, recomputed: false },
        { ...made, lastOpenTimeMs: NOON - 2 * HOUR_MS },
      ]),
      series('B', [{ ...made, lastOpenTimeMs: NOON - 49 * HOUR_MS }]),
      series('C', []),
    ],
  } as unknown as RunReport;
  expect(runMetrics(report)).toEqual({
    candlesWritten: 20,
    gapsFound: 4,
    conflicts: 2,
    newestCandles: [
      { series: 'um/A/1h', ageSeconds: 3_600 },
      { series: 'um/B/1h', ageSeconds: 48 * 3_600 },
    ],
  });
});

test('a run without candles has no age', () => {
  expect(runMetrics({ finishedAtMs: NOON, series: [series('A', [])] } as unknown as RunReport)).toEqual({
    candlesWritten: 0,
    gapsFound: 0,
    conflicts: 0,
    newestCandles: [],
  });
});
