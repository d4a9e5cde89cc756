import { parseRangeLabel } from '../../domain/chunk.ts';
import { INTERVALS, type Interval } from '../../domain/interval.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import { type ArchiveFile, archiveIntervals, type Frequency, publishedAtMs } from './archive-files.ts';
import type { ChangeRows } from './archive-history.ts';
import type { CandleSource, Listing, WireMarket } from './candle-source.ts';
import type { RowFault } from './fault.ts';
import { spoilRows } from './row-faults.ts';
import type { StreamKind } from './stream-kind.ts';
import { fundingEvents, LABEL_SHIFT_MS, markRow, openInterest } from './stream-rows.ts';

const FREQUENCIES: Readonly<Record<StreamKind, readonly Frequency[]>> = {
  fundingRate: ['monthly'],
  metrics: ['daily'],
  markPriceKlines: ['monthly', 'daily'],
};
const KINDS = Object.keys(FREQUENCIES) as StreamKind[];

/** First instant of the archive's files of each kind. */
const BEGIN_MS: Readonly<Record<StreamKind, number>> = {
  fundingRate: Date.UTC(2020, 0, 1),
  metrics: Date.UTC(2021, 11, 1),
  markPriceKlines: Date.UTC(2019, 11, 23),
};

const MARKET_FOLDERS = { um: 'futures/um', cm: 'futures/cm' } as const;

interface StreamFile extends ArchiveFile {
  readonly kind: StreamKind;
}

interface StreamFolder {
  readonly path: string;
  files(): Generator<StreamFile>;
}

/** The folders of a symbol whose files are not candles. */
export function streamFolders(
  source: CandleSource,
  { market, frequency, symbol }: { market: WireMarket; frequency: Frequency; symbol: string },
  nowMs: number,
): StreamFolder[] {
  if (market === 'spot') return [];
  return KINDS.filter((kind) => FREQUENCIES[kind].includes(frequency)).flatMap((kind) => {
    const words = kind === 'markPriceKlines' ? archiveIntervals(frequency) : [undefined];
    return words.map((word) => {
      const folder = `data/${MARKET_FOLDERS[market]}/${frequency}/${kind}/${symbol}/`;
      const path = word === undefined ? folder : `${folder}${word}/`;
      return { path, files: () => files(source, { market, frequency, symbol, kind, word, path }, nowMs) };
    });
  });
}

interface Place {
  readonly market: WireMarket;
  readonly frequency: Frequency;
  readonly symbol: string;
  readonly kind: StreamKind;
  readonly word: string | undefined;
  readonly path: string;
}

function* files(source: CandleSource, place: Place, nowMs: number): Generator<StreamFile> {
  const { market, frequency, symbol, kind, word, path } = place;
  const listing = source.listings(market).find((l) => l.symbol === symbol);
  if (!listing || source.withdrawn?.includes(kind)) return;
  const series = { market, symbol, interval: intervalOf(word) };
  const endMs = Math.min(listing.endMs ?? nowMs, nowMs);
  for (let timeMs = Math.max(listing.onboardMs, BEGIN_MS[kind]); timeMs < endMs; ) {
    const range = rangeAt(frequency, timeMs);
    const label = new Date(range.fromMs).toISOString().slice(0, frequency === 'monthly' ? 7 : 10);
    const file = { path: `${path}${symbol}-${word ?? kind}-${label}.zip`, series, frequency, range, kind };
    if (publishedAtMs(file) > nowMs) return;
    yield file;
    timeMs = range.toMs;
  }
}

const PATH = /^data\/futures\/(um|cm)\/(monthly|daily)\/(\w+)\/([^/]+)\/(?:([^/]+)\/)?\4-(\w+)-([\d-]+)\.zip$/;

/** Reads the path of such a file. Returns undefined if it is another path. */
export function parseStreamPath(path: string): ArchiveFile | undefined {
  const [, market, frequency, folder, symbol, word, name, label] = PATH.exec(path) ?? [];
  const kind = KINDS.find((one) => one === folder);
  if (!kind || !FREQUENCIES[kind].includes(frequency as Frequency) || name !== (word ?? kind)) return undefined;
  const range = parseRangeLabel(frequency === 'monthly' ? 'archive_monthly' : 'archive_daily', label!);
  const series = { market: market as WireMarket, symbol: symbol!, interval: intervalOf(word) };
  return { path, series, frequency: frequency as Frequency, range, kind };
}

/** Whether the archive has the file by `nowMs`. */
export function isStreamPublished(source: CandleSource, file: ArchiveFile, nowMs: number): boolean {
  const { market, symbol } = file.series;
  return streamFolders(source, { market, frequency: file.frequency, symbol }, nowMs)
    .filter((folder) => file.path.startsWith(folder.path))
    .some((folder) => [...folder.files()].some(({ path }) => path === file.path));
}

/** Text of the CSV inside such a file, as its history has changed it. */
export function streamCsv(
  source: CandleSource,
  file: ArchiveFile,
  change: ChangeRows,
  faults: readonly RowFault[],
): string {
  const { kind, range } = file;
  const { market, symbol, interval } = file.series;
  const listing = source.listings(market).find((l) => l.symbol === symbol)!;
  if (kind === 'markPriceKlines') {
    const rows = change(source.rows(file.series, range).map(markRow));
    return lines(MARK_HEADER, spoilRows(rows, faults, interval));
  }
  return kind === 'metrics'
    ? lines(METRICS_HEADER, change(metricsRows(source, market, listing, range)))
    : lines(
        'calc_time,funding_interval_hours,last_funding_rate',
        change(
          fundingEvents(source, market, listing, range).map(
            ({ timeMs, intervalHours, rate }) => `${timeMs},${intervalHours},${rate}`,
          ),
        ),
      );
}

const MARK_HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';
const METRICS_HEADER =
  'create_time,symbol,sum_open_interest,sum_open_interest_value,count_toptrader_long_short_ratio,' +
  'sum_toptrader_long_short_ratio,count_long_short_ratio,sum_taker_long_short_vol_ratio';

const STEP_MS = 300_000;

/** A day of samples, labelled by the ends of the five minutes until the labels were shifted. */
function metricsRows(source: CandleSource, market: WireMarket, listing: Listing, range: TimeRange): string[] {
  const namesEnds = market === 'um' && range.fromMs < LABEL_SHIFT_MS;
  const labels = namesEnds ? { fromMs: range.fromMs + STEP_MS, toMs: range.toMs + STEP_MS } : range;
  const sampledAt = (labelMs: number) => (namesEnds ? labelMs : labelMs + STEP_MS);
  return openInterest(source, market, listing, labels, sampledAt).map(({ labelMs, amount, value }) => {
    const time = new Date(labelMs).toISOString().slice(0, 19).replace('T', ' ');
    return `${time},${listing.symbol},${amount},${value},"","","",""`;
  });
}

function lines(header: string, rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}

function intervalOf(word: string | undefined): Interval {
  return INTERVALS.find((interval) => interval === (word === '1mo' ? '1M' : word)) ?? '5m';
}

function rangeAt(frequency: Frequency, timeMs: number): TimeRange {
  const date = new Date(timeMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (frequency === 'monthly') return { fromMs: Date.UTC(year, month, 1), toMs: Date.UTC(year, month + 1, 1) };
  const fromMs = Math.floor(timeMs / DAY_MS) * DAY_MS;
  return { fromMs, toMs: fromMs + DAY_MS };
}
