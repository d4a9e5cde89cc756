import { TABLES } from '../../../lib/domain/tables.ts';
import type { LakeListing } from '../../../lib/lake/inventory/list-lake.ts';
import { summariseLake } from '../../../lib/lake/inventory/summarise-lake.ts';
import type { Manifest, ShardReport, StreamManifest } from '../../../lib/lake/manifest/contract.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2024-03-05T12:00:30Z');
const at = (time: string) => Date.parse(`${time}:00Z`);

/** A shard of candles. Its tables have 1,000, 100, 10 and 1 bytes, times the factor. */
function shard(report: Partial<ShardReport>, labels: number, factor: number): Manifest {
  const sizes = [1_000, 100, 10, 1];
  const outputs = TABLES.map((table, index) => [table, { sizeBytes: sizes[index]! * factor, rows: 0 }] as const);
  return {
    outputs: { ...Object.fromEntries(outputs), labels: { sizeBytes: 10 * factor, rows: labels } },
    report: { candles: 0, grid: 0, unasked: 0, accounted: {}, ...report },
    // The summary reads nothing else.
  } as unknown as Manifest;
}

function streamShard(report: Partial<StreamManifest['report']>, sizeBytes?: number): StreamManifest {
  const output = sizeBytes === undefined ? {} : { output: { sizeBytes } };
  return { ...output, report: { rows: 0, missing: 0, ...report } } as unknown as StreamManifest;
}

const EMPTY = shard({ accounted: { not_listed: { intervals: 9, candles: 0 } }, firstOpenTimeMs: 0 }, 0, 1);
const FIRST = shard(
  {
    candles: 100,
    firstOpenTimeMs: at('2024-01-02T03:00'),
    lastOpenTimeMs: at('2024-01-31T23:00'),
    accounted: {
      exchange_absent: { intervals: 7, candles: 2 },
      // An archive file lacks them, and REST has them: they are candles.
      archive_hole: { intervals: 3, candles: 3 },
      fetch_failed: { intervals: 6, candles: 1 },
      settled: { intervals: 50, candles: 0 },
    },
  },
  100,
  2,
);
const SECOND = shard(
  {
    candles: 40,
    firstOpenTimeMs: at('2024-02-01T00:00'),
    lastOpenTimeMs: at('2024-03-05T10:00'),
    accounted: { exchange_absent: { intervals: 1, candles: 0 }, unknown: { intervals: 20, candles: 4 } },
    unasked: 9,
  },
  28,
  3,
);

const listing = (some: Partial<LakeListing>): LakeListing => ({ series: [], streams: [], problems: [], ...some });
const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '1h' } as const;
const BTC = { series: SERIES, manifests: [EMPTY, FIRST, SECOND] };
const FUNDING = {
  stream: { name: 'funding', market: 'um', symbol: 'BTCUSDT' } as const,
  manifests: [
    streamShard({ firstMs: Number.NaN, lastMs: Number.NaN }),
    streamShard({ rows: 10, missing: 2, firstMs: at('2024-01-01T08:00'), lastMs: at('2024-01-05T00:00') }, 700),
    streamShard({ rows: 5, missing: 1, firstMs: at('2024-03-01T00:00'), lastMs: at('2024-03-05T08:00') }, 50),
  ],
};

describe('summariseLake', () => {
  test('sums the shards of a series: range, rows, bytes, age since the newest close, gaps by cause', () => {
    const { series, totals } = summariseLake(listing({ series: [BTC] }), () => NOW);
    expect(series).toEqual([
      {
        ...SERIES,
        shards: 3,
        from: '2024-01-02T03:00:00Z',
        to: '2024-03-05T11:00:00Z',
        candles: 140,
        labels: 128,
        unlabelled: 12,
        bytes: 1_111 * 6,
        ageMs: HOUR + 30_000,
        // Of what a run wanted, 7 have no source and 5 failed. Time before the listing is not a gap.
        gaps: { explained: 6, unknown: 7 + 5, unasked: 9 },
      },
    ]);
    expect(totals).toEqual({ series: 1, streams: 0, candles: 140, bytes: 1_111 * 6 });
  });

  test('sums the shards of a stream: range, rows, missing rows, bytes, age since the newest row', () => {
    const { streams, totals } = summariseLake(listing({ series: [BTC], streams: [FUNDING] }), () => NOW);
    expect(streams).toEqual([
      {
        ...{ stream: 'funding', market: 'um', symbol: 'BTCUSDT', shards: 3 },
        from: '2024-01-01T08:00:00Z',
        to: '2024-03-05T08:00:00Z',
        rows: 15,
        missing: 3,
        bytes: 750,
        ageMs: 4 * HOUR + 30_000,
      },
    ]);
    expect(totals).toEqual({ series: 1, streams: 1, candles: 140, bytes: 1_111 * 6 + 750 });
  });

  test('has no range and no age for what has no rows, and passes problems on', () => {
    const problems = [{ key: 'candles/x', what: 'is missing', unfinished: false }];
    const empty = { series: SERIES, manifests: [EMPTY] };
    const silent = { ...FUNDING, manifests: FUNDING.manifests.slice(0, 1) };
    const summary = summariseLake(listing({ series: [empty], streams: [silent], problems }), () => NOW);
    expect(summary).toMatchObject({
      series: [{ from: null, to: null, candles: 0, ageMs: null, bytes: 1_111 }],
      streams: [{ from: null, to: null, rows: 0, ageMs: null, bytes: 0 }],
      problems,
    });
  });

  test('data of a market is as old as the clock of that market says, and never younger than new', () => {
    const sim = { ...BTC, series: { ...SERIES, market: 'sim' as const } };
    const late = at('2024-03-05T10:30');
    const { series } = summariseLake(listing({ series: [BTC, sim] }), (market) => (market === 'sim' ? late : NOW));
    expect(series.map(({ ageMs }) => ageMs)).toEqual([HOUR + 30_000, 0]);
  });
});
