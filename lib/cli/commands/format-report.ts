import { formatBytes, formatCount, formatDuration, formatMinute, plural } from '../../domain/format-amount.ts';
import { GAP_CLASSES } from '../../domain/gap-class.ts';
import { seriesName } from '../../domain/series.ts';
import { addLedgers } from '../../lake/catalogue/add-ledgers.ts';
import type { Failure, ReportedStreams, RunReport, SeriesLedger } from '../../lake/catalogue/contract.ts';
import { wrap } from '../layout.ts';
import { plainWords, shortUrls } from '../plain-text.ts';

const MAX_LINES = 10;

/** The call of a run, and the time that it took. */
interface RunContext {
  readonly lake: string;
  readonly seconds: number;
  /** The same run for what the archive has, as a command. */
  readonly archiveOnlyCommand: string;
}

/** Returns a run report for people, at most 80 columns wide except for long names and commands. */
export function formatReport(report: RunReport, { lake, seconds, archiveOnlyCommand }: RunContext): string {
  const shards = report.series.flatMap((series) => series.shards);
  const bytes = sumOf(shards, ({ sizeBytes }) => sumOf(Object.values(sizeBytes), Number));
  const conflicts = sumOf(shards, (shard) => shard.conflicts);
  // Counted over the wanted range, because the counts of shards begin at their first candles.
  const missing = sumOf(report.series, ({ wantedCandles, candles }) => Math.max(0, wantedCandles - candles));
  const ledger = addLedgers(report.series.map((series) => series.ledger));
  const rows: [string, string][] = [
    ['range', `${formatMinute(report.fromMs)} to ${formatMinute(report.toMs)} UTC`],
    ['candles', formatCount(sumOf(report.series, ({ candles }) => candles))],
    ['fetched', report.fetchedChunks === 0 ? 'nothing new' : plural(report.fetchedChunks, 'chunk')],
    [
      'computed',
      report.recomputedShards === 0 ? 'nothing new' : `${report.recomputedShards} of ${plural(shards.length, 'shard')}`,
    ],
    ['missing', plural(missing, 'candle')],
    ['conflicts', plural(conflicts, 'row')],
    ...accountedRows(ledger),
    ...unaskedRows(ledger),
    ...(report.streams ? inRows('streams', streamParts(report.streams)) : []),
    ['lake', `${lake}, ${formatBytes(bytes)} of Parquet in these shards`],
  ];
  const lines = [
    ...report.notices.flatMap((notice) => wrap(plainWords(notice), WIDTH, 2)),
    `${report.complete ? 'done' : 'incomplete'} in ${formatDuration(seconds)}: run ${report.runId}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(11)}${text}`),
    ...listed(report.series.map((series) => `  ${seriesName(series.series)}  ${plural(series.candles, 'candle')}`)),
    ...listed(report.failures.map(failureText)),
    ...listed(report.healed.map((one) => healedText(one, report.failures))),
  ];
  if (report.failures.length > 0) lines.push(incompleteText(report.failures));
  if (report.outOfReachCandles > 0) {
    const candles = plural(report.outOfReachCandles, 'candle');
    const why = 'can only come from REST, which is out of reach: no archive file has them yet';
    lines.push(...wrap(`incomplete: ${candles} ${why}; to want only what the archive has:`, WIDTH, 2));
    lines.push(`  ${archiveOnlyCommand}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Columns of a line. */
const WIDTH = 80;

/** Returns what failed and why. */
function failureText(failure: Failure): string {
  return wrap(`  failed: ${failure.stage} ${whyText(failure)}`, WIDTH, 4).join('\n');
}

/** Returns a file whose candles other sources supplied, and why, unless its failure is printed already. */
function healedText(file: Failure, failures: readonly Failure[]): string {
  const failed = failures.some(({ name }) => name === file.name);
  return wrap(`  healed by other sources: ${failed ? file.name : whyText(file)}`, WIDTH, 4).join('\n');
}

/** The message of a chunk begins with the chunk's name, which is printed already. */
function whyText({ name, error, message }: Failure): string {
  const why = shortUrls(plainWords(message).replace(`${name}: `, ''));
  return `${name}: ${error}${why && `: ${why}`}`;
}

/** Returns how much failed, and what happens next. The lines above name each failure. */
function incompleteText(failures: readonly Failure[]): string {
  const count = (stage: Failure['stage']) => failures.filter((failure) => failure.stage === stage).length;
  const [chunks, series, tables] = [count('fetch'), count('refine'), count('catalogue')];
  const parts = [
    chunks > 0 && plural(chunks, 'chunk'),
    series > 0 && plural(series, 'series', 'series'),
    tables > 0 && plural(tables, 'table'),
  ];
  const said = `incomplete: ${parts.filter(Boolean).join(' and ')} failed`;
  if (failures.some(({ landed }) => !landed)) return `${said}; the next run tries again`;
  return wrap(`${said}; fetched again if the exchange publishes other bytes`, WIDTH, 2).join('\n');
}

/** Columns of a row's text. */
const TEXT_WIDTH = 67;

/** Gap classes and their counts over all series, less what no run has wanted. No row without a count. */
function accountedRows({ accounted, unasked }: SeriesLedger): [string, string][] {
  const parts = GAP_CLASSES.flatMap((kind) => {
    const intervals = (accounted[kind]?.intervals ?? 0) - (kind === 'unknown' ? unasked : 0);
    if (intervals === 0) return [];
    return [`${formatCount(intervals)} ${kind}${kind === 'archive_hole' ? ' (healed)' : ''}`];
  });
  return inRows('holes', parts);
}

/** Puts the parts into as few rows as possible. */
function inRows(name: string, parts: readonly string[]): [string, string][] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length > 0 ? `${lines.at(-1)}, ${part}` : part;
    if (lines.length > 0 && longer.length < TEXT_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.map((line, index) => [index === 0 ? name : '', index + 1 < lines.length ? `${line},` : line]);
}

/** Returns the rows of each table, their faults, and what is new. */
function streamParts({ tables }: ReportedStreams): string[] {
  const shown = Object.entries(tables).filter(([, table]) => table.rows > 0);
  const recomputed = sumOf(shown, ([, table]) => table.recomputed);
  const parts = shown.map(([name, table]) => {
    const { missing, quarantined, conflicts } = table;
    const told = { missing, 'kept back': quarantined, 'in conflict': conflicts };
    const counts = Object.entries(told).filter(([, count]) => count > 0);
    const text = counts.map(([what, count]) => `${formatCount(count)} ${what}`).join(', ');
    return `${name} ${formatCount(table.rows)}${text && ` (${text})`}`;
  });
  const last = recomputed === 0 ? 'nothing new' : `${plural(recomputed, 'shard')} computed`;
  return [...(parts.length > 0 ? parts : ['none']), last];
}

/** Returns the row of candles that no run has wanted since the listing. They are not holes. */
function unaskedRows({ unasked }: SeriesLedger): [string, string][] {
  return unasked > 0 ? [['unasked', `${plural(unasked, 'candle')} since the listing that no run has wanted yet`]] : [];
}

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

function listed(lines: readonly string[]): string[] {
  const shown = lines.slice(0, MAX_LINES);
  return lines.length > MAX_LINES ? [...shown, `  … ${lines.length - MAX_LINES} more`] : shown;
}
