import { formatBytes, formatCount, formatMinute, plural } from '../../domain/format-amount.ts';
import type { LakeProblem } from '../../lake/inventory/list-lake.ts';
import type { LakeSummary, ListedSeries, ListedStream } from '../../lake/inventory/summarise-lake.ts';
import { textWidth } from '../../query/text-width.ts';
import { type GivenOptions, keepOptions } from '../keep-options.ts';
import { alignedLines, wrap } from '../layout.ts';

const MAX_PROBLEMS = 10;

/** Returns the contents of a lake for people: a table of the series, one per kind of stream, a total, and notes. */
export function formatInventory(summary: LakeSummary, width: number, given: GivenOptions): string {
  const { series, streams, problems, totals } = summary;
  const kinds = [...new Set(streams.map(({ stream }) => stream))];
  const blocks = [
    ...(series.length > 0 ? [block('series', 'candles', series.map(seriesCells), width)] : []),
    ...kinds.map((kind) =>
      block(kind, 'rows', streams.filter(({ stream }) => stream === kind).map(streamCells), width),
    ),
  ];
  const parts = [
    plural(totals.series, 'series', 'series'),
    ...(totals.streams > 0 ? [plural(totals.streams, 'stream')] : []),
    plural(totals.candles, 'candle'),
    `${formatBytes(totals.bytes)} of Parquet`,
  ];
  const notes = [`total: ${parts.join(', ')}`, ...gapNotes(summary), ...labelNotes(series), ...problemNotes(problems)];
  return `${[...blocks, notes.flatMap((note) => wrap(keepOptions(note, given), width, 2)).join('\n')].join('\n\n')}\n`;
}

type Cells = readonly [name: string, from: string, to: string, rows: string, gaps: string, size: string, age: string];

function seriesCells({ market, symbol, interval, from, to, candles, gaps, bytes, ageMs }: ListedSeries): Cells {
  const name = `${market}/${symbol}/${interval}`;
  const counts = `${formatCount(gaps.explained)}/${formatCount(gaps.unknown)}`;
  return [name, shortTime(from), shortTime(to), formatCount(candles), counts, formatBytes(bytes), ageText(ageMs)];
}

function streamCells({ market, symbol, interval, from, to, rows, missing, bytes, ageMs }: ListedStream): Cells {
  const name = [market, symbol, interval].filter((part) => part !== undefined).join('/');
  const counts = `0/${formatCount(missing)}`;
  return [name, shortTime(from), shortTime(to), formatCount(rows), counts, formatBytes(bytes), ageText(ageMs)];
}

function shortTime(iso: string | null): string {
  return iso === null ? '–' : formatMinute(Date.parse(iso));
}

/** Returns the widest of three layouts that fits: with minutes, with days only, with names on their own lines. */
function block(kind: string, rows: string, cells: readonly Cells[], width: number): string {
  const head: Cells = [kind, 'from', 'to', rows, 'gaps', 'size', 'age'];
  const day = (time: string) => time.slice(0, 10);
  const shorter = [head, ...cells.map(([name, from, ...rest]): Cells => [name, day(from), ...rest])];
  const shortest = shorter.map(([name, from, to, ...rest]): Cells => [name, from, day(to), ...rest]);
  for (const layout of [shorter, shortest]) {
    const lines = alignedLines(layout, [3, 4, 5, 6]);
    if (lines.every((line) => textWidth(line) <= width)) return lines.join('\n');
  }
  const figures = alignedLines(
    shortest.map(([, ...rest]) => rest),
    [2, 3, 4, 5],
  );
  return figures.map((line, i) => `${shortest[i]![0]}\n  ${line}`).join('\n');
}

function gapNotes({ series, streams }: LakeSummary): string[] {
  const gaps = series.some((one) => one.gaps.explained + one.gaps.unknown > 0);
  if (!gaps && !streams.some(({ missing }) => missing > 0)) return ['gaps: none'];
  return ['gaps: candles or rows missing, explained/unknown; npx lake gaps lists those of candles'];
}

/** The newest candles have no labels yet. People who join tables by hand lose those rows. */
function labelNotes(series: readonly ListedSeries[]): string[] {
  const open = series.map(({ unlabelled }) => unlabelled).filter((count) => count > 0);
  if (open.length === 0) return [];
  const [least, most] = [Math.min(...open), Math.max(...open)];
  const count = least === most ? plural(most, 'candle') : `${formatCount(least)} to ${formatCount(most)} candles`;
  const each = open.length > 1 ? ' per series' : '';
  return [
    `labels: ${count}${each} of the newest have none yet, because their outcomes are still open; ` +
      'the view dataset keeps these rows, an inner join with labels drops them',
  ];
}

function problemNotes(problems: readonly LakeProblem[]): string[] {
  if (problems.length === 0) return [];
  const shown = problems.slice(0, MAX_PROBLEMS).map(({ key, what }) => `problem: ${key} ${what}`);
  const more = problems.length > MAX_PROBLEMS ? [`… ${formatCount(problems.length - MAX_PROBLEMS)} more problems`] : [];
  const damaged = problems.some(({ unfinished }) => !unfinished);
  const remedy = damaged
    ? 'to repair: npx lake audit --repair, then npx lake run for the series'
    : 'to finish: npx lake run for the series';
  return [...shown, ...more, remedy];
}

/** Returns a text such as `45 s`, `12 min`, `11 h` or `12 d`. Without rows there is no age: a dash. */
function ageText(ageMs: number | null): string {
  if (ageMs === null) return '–';
  const minutes = ageMs / 60_000;
  if (minutes < 1.5) return `${Math.round(ageMs / 1000)} s`;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${formatCount(minutes / 1440)} d`;
}
