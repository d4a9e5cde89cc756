import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { type Chunk, parseRangeLabel, type Source } from '../../../lib/domain/chunk.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { catalogue } from '../../../lib/lake/catalogue/catalogue.ts';
import type { RunReport } from '../../../lib/lake/catalogue/contract.ts';
import { landingKey, receiptKey, refineResultKey } from '../../../lib/lake/keys.ts';
import type { ShardReport } from '../../../lib/lake/manifest/contract.ts';
import type { Plan } from '../../../lib/lake/plan/contract.ts';
import type { SeriesReport } from '../../../lib/lake/refine/contract.ts';
import type { Catalogue, ObjectStore, Partition } from '../../../lib/ports.ts';
import { temporaryFolder } from '../../support/folder.ts';

export const BTC: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
export const ETH: Series = { market: 'um', symbol: 'ETHUSDT', interval: '1h' };
export const HOUR = 3_600_000;
export const JAN = Date.UTC(2024, 0, 1);
export const FEB = Date.UTC(2024, 1, 1);
export const MAR = Date.UTC(2024, 2, 1);
export const NOW = Date.UTC(2024, 2, 3, 10);
export const SHA = 'a'.repeat(64);

/** A catalogue in memory: what Glue does, without Glue. */
function memoryCatalogue() {
  const known = new Set<string>();
  const target: Catalogue = {
    async addPartitions(table, partitions) {
      const before = known.size;
      for (const { market, symbol, interval, period } of partitions as Partition[]) {
        known.add([table, market, symbol, interval, period].join('/'));
      }
      return known.size - before;
    },
  };
  return { known, target };
}

/** A chunk by the label of its range. */
export function chunk(series: Series, source: Source, label: string): Chunk {
  return { series, source, range: parseRangeLabel(source, label), asOfMs: NOW, sizeBytes: 1 };
}

export const REST = chunk(BTC, 'rest', '20240301T000000Z-20240303T090000Z');
/** The chunks of the plan. */
export const CHUNKS = [
  chunk(BTC, 'archive_monthly', '2024-01'),
  chunk(BTC, 'archive_monthly', '2024-02'),
  chunk(ETH, 'archive_daily', '2024-01-15'),
  REST,
];

/** The plan of the run. */
export function planOf(more: Partial<Plan> = {}): Plan {
  const range = { fromMs: JAN, toMs: MAR + 57 * HOUR };
  const planned = (series: Series) => ({
    series,
    range,
    periods: ['2024'],
    wantedCandles: (range.toMs - range.fromMs) / HOUR,
    wantedChunks: 3,
    landedChunks: 0,
    outOfReach: [],
    rest: true,
    lakeReads: 0,
    remadeShards: 0,
    replacedCandles: 0,
    inputsAgain: 0,
  });
  return {
    runId: 'r1',
    market: 'um',
    interval: '1h',
    range,
    asOfMs: NOW,
    archiveOnly: false,
    notices: ['a notice'],
    series: [planned(BTC), planned(ETH)],
    chunks: CHUNKS,
    totals: { requests: 9 } as Plan['totals'],
    ...more,
  };
}

/** Returns refine's report of a shard of so many candles, by the open times of the first and the last. */
export function shardOf(candles: number, first: number, last: number, more: Partial<ShardReport> = {}): ShardReport {
  return {
    period: '2024',
    manifestKey: 'm',
    manifestSha256: SHA,
    recomputed: true,
    candles,
    firstOpenTimeMs: first,
    lastOpenTimeMs: last,
    labels: 0,
    missing: 0,
    duplicates: 0,
    notClosed: 0,
    conflicts: 0,
    conflictSamples: [],
    quarantined: 0,
    grid: candles,
    accounted: {},
    unasked: 0,
    holes: [],
    sizeBytes: { candles: 1, features: 1, labels: 1, gaps: 1 },
    ...more,
  };
}

/** A shard that has every candle of the range. */
export const WHOLE = shardOf(1497, JAN, MAR + 56 * HOUR);

/** An empty lake. `land` does the work of fetch, `refined` that of refine, and `run` is catalogue itself. */
export async function newLake() {
  const store = folderObjectStore(temporaryFolder());
  const { known, target } = memoryCatalogue();
  const put = (key: string, value: unknown) => store.put(key, new TextEncoder().encode(JSON.stringify(value)));
  const land = async (one: Pick<Chunk, 'series' | 'source' | 'range'>) => {
    const id = { series: one.series, source: one.source, range: one.range, sha256: SHA };
    await store.put(landingKey(id), new Uint8Array([1]));
    await put(receiptKey(id), {});
  };
  const refined = (series: Series, shards: readonly ShardReport[], more: Partial<SeriesReport> = {}, runId = 'r1') =>
    put(refineResultKey(runId, series), { series, shards, ...more });
  const run = (tables = target) =>
    catalogue({ runId: 'r1' }, { store, catalogue: tables, clock: { nowMs: () => NOW, sleep: async () => {} } });
  return { store, known, put, land, refined, run };
}

/** The run's report. */
export async function reportOf(store: ObjectStore): Promise<RunReport> {
  const text = new TextDecoder().decode(await store.get('runs/r1/report.json'));
  expect(text).toMatch(/^[^\n]+\n$/);
  // Athena reads a copy, among nothing but reports.
  const copies = await store.list('run_reports/');
  expect(copies.map(({ key }) => key)).toEqual([`run_reports/day=${new Date(NOW).toISOString().slice(0, 10)}/r1.json`]);
  expect(new TextDecoder().decode(await store.get(copies[0]!.key))).toBe(text);
  return JSON.parse(text) as RunReport;
}

/**
 * Returns a lake as the stages leave it to catalogue if everything went well: run r1, two series of hourly candles
 * from January to March 2024, four chunks that landed. It is written by hand, so that a test can change any part.
 */
export async function finishedLake(plan = planOf()) {
  const lake = await newLake();
  await lake.put('runs/r1/plan.json', plan);
  for (const one of plan.chunks) await lake.land(one);
  for (const { series } of plan.series) await lake.refined(series, [WHOLE]);
  return lake;
}
