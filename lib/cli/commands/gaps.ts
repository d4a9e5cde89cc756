import { readEnvironment } from '../../adapters/environment.ts';
import { openQueryEngine } from '../../app/open-lake.ts';
import { simulatedNowMs } from '../../app/simulated-now.ts';
import { BadInput } from '../../domain/errors.ts';
import { GAP_CLASSES, type GapClass } from '../../domain/gap-class.ts';
import { filterText, parseSeriesFilter, type SeriesWords } from '../../domain/series-filter.ts';
import { isoTime, parseTime } from '../../domain/time-range.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import type { QueryEngine, QueryResult } from '../../ports.ts';
import { QUERY_FORMATS, type QueryFormat } from '../../query/contract.ts';
import { formatCsv } from '../../query/format-csv.ts';
import { type GapsWanted, gapRowsSql } from '../../query/gap-queries.ts';
import { type LedgerSum, ledgerSums } from '../../query/ledger-sums.ts';
import { rowObjects } from '../../query/row-objects.ts';
import { type AskedLedger, withUnaskedTail } from '../../query/unasked-tail.ts';
import { simulatedNote } from '../simulated-note.ts';
import { type LakeOptions, type Terminal, widthOf } from '../terminal.ts';
import { formatGaps } from './format-gaps.ts';

interface GapsOptions extends LakeOptions, SeriesWords {
  readonly class?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly format: string;
}

/** `lake gaps`: prints rows of the ledger and the sum of each series. Exit code 1 if the counts do not add up. */
export async function gapsCommand(options: GapsOptions, terminal: Terminal): Promise<number> {
  const name = options.json ? 'json' : options.format;
  const format = QUERY_FORMATS.find((f) => f === name);
  if (!format) throw new BadInput(`format must be one of ${QUERY_FORMATS.join(', ')}, got '${options.format}'`);
  const wanted = parseWanted(options);
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  terminal.err.write(await simulatedNote(lake, options.market));
  const engine = await openQueryEngine(lake, environment.lakeName);
  try {
    if (!(await hasLedger(engine))) throw holdsNone(lake, candlesOf(wanted));
    const asked = await askFor(wanted, engine, lake);
    const { rows, sums } = withUnaskedTail(asked, nowOf(environment.nowMs), wanted);
    terminal.out.write(print(format, rows, sums, widthOf(terminal.out)));
    return sums.every(({ grid, candles, explained }) => grid === candles + explained) ? 0 : 1;
  } finally {
    await engine.close();
  }
}

/** Returns the time of each series' exchange. The clock of the simulated exchange is at the beginning of the day. */
function nowOf(fixedNowMs: number | undefined): (sum: LedgerSum) => number {
  if (fixedNowMs !== undefined) return () => fixedNowMs;
  const nowMs = Date.now();
  return ({ series }) => (series.market === 'sim' ? simulatedNowMs(nowMs) : nowMs);
}

async function askFor(wanted: GapsWanted, engine: QueryEngine, lake: string): Promise<AskedLedger> {
  const sums = await ledgerSums(wanted, engine);
  assertHeld(wanted, sums, lake);
  return { rows: await engine.query(gapRowsSql(wanted)), sums };
}

/** Returns false for an empty folder, which has no tables yet. */
async function hasLedger(engine: QueryEngine): Promise<boolean> {
  const { rows } = await engine.query(`SELECT 1 FROM information_schema.tables WHERE table_name = 'gaps'`);
  return rows.length > 0;
}

/** Refuses symbols that the lake does not hold. A mistyped name must not look like a series without gaps. */
function assertHeld({ market, symbols = [], interval }: GapsWanted, sums: readonly LedgerSum[], lake: string): void {
  const missing = symbols.filter((symbol) => !sums.some(({ series }) => series.symbol === symbol));
  if (missing.length === 0 && sums.length > 0) return;
  const of = {
    ...(market && { market }),
    ...(symbols.length > 0 && { symbols: missing }),
    ...(interval && { interval }),
  };
  throw holdsNone(lake, candlesOf(of));
}

function parseWanted(options: GapsOptions): GapsWanted {
  const { from, to } = options;
  const wanted: GapsWanted = {
    ...parseSeriesFilter(options),
    ...(options.class && { classes: options.class.map(parseClass) }),
    ...(from !== undefined && { fromMs: parseTime(from, 'from') }),
    ...(to !== undefined && { toMs: parseTime(to, 'to') }),
  };
  const { fromMs, toMs } = wanted;
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new BadInput(`from must be before to, got from ${isoTime(fromMs)} to ${isoTime(toMs)}`);
  }
  return wanted;
}

function parseClass(text: string): GapClass {
  const kind = GAP_CLASSES.find((one) => one === text);
  if (!kind) throw new BadInput(`class must be one of ${GAP_CLASSES.join(' ')}, got '${text}'`);
  return kind;
}

function candlesOf(wanted: GapsWanted): string {
  return ['candles', filterText(wanted)].filter(Boolean).join(' of ');
}

function print(format: QueryFormat, rows: QueryResult, sums: readonly LedgerSum[], width: number): string {
  if (format === 'table') return formatGaps(rows, sums, width);
  if (format === 'csv') return formatCsv(rows);
  const gaps = rowObjects(rows).map((row) => ({ ...row, evidence: JSON.parse(String(row['evidence'])) }));
  return `${JSON.stringify({ gaps, series: sums })}\n`;
}
