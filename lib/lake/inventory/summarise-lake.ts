import { nextOpenTime } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Series } from '../../domain/series.ts';
import type { StreamName } from '../../domain/stream-table.ts';
import { sumOf } from '../../domain/sum-of.ts';
import { TABLES } from '../../domain/tables.ts';
import { isoTime } from '../../domain/time-range.ts';
import { addLedgers } from '../catalogue/add-ledgers.ts';
import type { SeriesLedger } from '../catalogue/contract.ts';
import type { HeldSeries, HeldStream, LakeListing, LakeProblem } from './list-lake.ts';

/** Figures of one series. */
export interface ListedSeries extends Series {
  readonly shards: number;
  /** Open time of the first candle and close of the last, ISO 8601; null if there is no candle. */
  readonly from: string | null;
  readonly to: string | null;
  readonly candles: number;
  readonly labels: number;
  /** Candles without a row in `labels`: the newest, whose outcomes are still open. */
  readonly unlabelled: number;
  /** Parquet of the four tables. */
  readonly bytes: number;
  /** Time since the newest candle closed. */
  readonly ageMs: number | null;
  readonly gaps: Gaps;
}

/** Intervals within the life of the symbol that have no candle. */
interface Gaps {
  /** The exchange has no candle there. */
  readonly explained: number;
  /** A fetch failed, or no source was queried although a run wanted them. */
  readonly unknown: number;
  /** No run has wanted them. */
  readonly unasked: number;
}

/** Figures of one stream. */
export interface ListedStream {
  readonly stream: StreamName;
  readonly market: Market;
  readonly symbol?: string;
  readonly interval?: string;
  readonly shards: number;
  /** Times of the first and the last row. */
  readonly from: string | null;
  readonly to: string | null;
  readonly rows: number;
  /** Times on the grid between them without a row. */
  readonly missing: number;
  readonly bytes: number;
  readonly ageMs: number | null;
}

export interface LakeSummary {
  readonly series: readonly ListedSeries[];
  readonly streams: readonly ListedStream[];
  readonly totals: {
    readonly series: number;
    readonly streams: number;
    readonly candles: number;
    readonly bytes: number;
  };
  readonly problems: readonly LakeProblem[];
}

/** Sums the manifests of a lake. `nowMsOf` returns the time by which the data of a market is old or fresh. */
export function summariseLake(listing: LakeListing, nowMsOf: (market: Market) => number): LakeSummary {
  const series = listing.series.map((held) => seriesOf(held, nowMsOf(held.series.market)));
  const streams = listing.streams.map((held) => streamOf(held, nowMsOf(held.stream.market)));
  const totals = {
    series: series.length,
    streams: streams.length,
    candles: sumOf(series, ({ candles }) => candles),
    bytes: sumOf([...series, ...streams], ({ bytes }) => bytes),
  };
  return { series, streams, totals, problems: listing.problems };
}

function seriesOf({ series, manifests }: HeldSeries, nowMs: number): ListedSeries {
  const filled = manifests.filter(({ report }) => report.candles > 0);
  const candles = sumOf(filled, ({ report }) => report.candles);
  const labels = sumOf(manifests, ({ outputs }) => outputs.labels.rows);
  const last = filled.at(-1);
  const toMs = last && nextOpenTime(series.interval, last.report.lastOpenTimeMs);
  return {
    ...series,
    shards: manifests.length,
    from: filled[0] ? isoTime(filled[0].report.firstOpenTimeMs) : null,
    to: toMs === undefined ? null : isoTime(toMs),
    candles,
    labels,
    unlabelled: candles - labels,
    bytes: sumOf(manifests, ({ outputs }) => sumOf(TABLES, (table) => outputs[table].sizeBytes)),
    ageMs: toMs === undefined ? null : Math.max(0, nowMs - toMs),
    gaps: gapsOf(addLedgers(manifests.map(({ report }) => report))),
  };
}

/** Time before the listing and after the settlement is not a gap. */
function gapsOf({ accounted, unasked }: SeriesLedger): Gaps {
  const missing = (kind: keyof typeof accounted) => (accounted[kind]?.intervals ?? 0) - (accounted[kind]?.candles ?? 0);
  return {
    explained: missing('exchange_absent'),
    unknown: missing('unknown') - unasked + missing('fetch_failed'),
    unasked,
  };
}

function streamOf({ stream: { name, ...of }, manifests }: HeldStream, nowMs: number): ListedStream {
  const filled = manifests.filter(({ report }) => report.rows > 0);
  const last = filled.at(-1)?.report.lastMs;
  return {
    stream: name,
    ...of,
    shards: manifests.length,
    from: filled[0] ? isoTime(filled[0].report.firstMs) : null,
    to: last === undefined ? null : isoTime(last),
    rows: sumOf(manifests, ({ report }) => report.rows),
    missing: sumOf(manifests, ({ report }) => report.missing),
    bytes: sumOf(manifests, ({ output }) => output?.sizeBytes ?? 0),
    ageMs: last === undefined ? null : Math.max(0, nowMs - last),
  };
}
