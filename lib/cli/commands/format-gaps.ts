import { formatCount } from '../../domain/format-amount.ts';
import { GAP_CLASSES } from '../../domain/gap-class.ts';
import { seriesName } from '../../domain/series.ts';
import type { QueryResult } from '../../ports.ts';
import { formatTable } from '../../query/format-table.ts';
import type { LedgerSum } from '../../query/ledger-sums.ts';
import { rowObjects } from '../../query/row-objects.ts';
import { formatEvidence } from './format-evidence.ts';

/** Columns of everything but the evidence, which gets the rest of the line. */
const OTHERS_WIDTH = 62;
const LEAST_EVIDENCE = 12;

/** Returns the ledger for people: for each series its rows, then its sum. */
export function formatGaps(result: QueryResult, sums: readonly LedgerSum[], width: number): string {
  const rows = rowObjects(result);
  return sums.map((sum) => seriesText(rows, sum, width)).join('\n');
}

function seriesText(rows: ReturnType<typeof rowObjects>, sum: LedgerSum, width: number): string {
  const { series, grid, candles, explained, accounted } = sum;
  const own = rows.filter((row) => Object.entries(series).every(([name, value]) => row[name] === value));
  const evidenceWidth = Math.max(LEAST_EVIDENCE, width - OTHERS_WIDTH);
  const table: QueryResult = {
    columns: [
      { name: 'from', type: 'timestamp' },
      { name: 'to', type: 'timestamp' },
      { name: 'class', type: 'varchar' },
      { name: 'count', type: 'integer' },
      { name: 'evidence', type: 'varchar' },
    ],
    rows: own.map((row) => [
      ...['from_time', 'to_time', 'class', 'intervals'].map((name) => row[name]),
      shortened(formatEvidence(String(row['class']), String(row['evidence'])), evidenceWidth),
    ]),
  };
  const classes = GAP_CLASSES.flatMap((kind) => {
    const one = accounted[kind];
    if (!one) return [];
    const healed = one.candles > 0 ? `, ${formatCount(one.candles)} of them candles` : '';
    return [`  ${kind.padEnd(16)} ${formatCount(one.intervals)}${healed}`];
  });
  const isWhole = grid === candles + explained;
  const sign = isWhole ? '=' : '≠';
  const [inGrid, inCandles, inLedger] = [grid, candles, explained].map(formatCount);
  const sumLine = `grid ${inGrid} ${sign} candles ${inCandles} + explained ${inLedger}`;
  return [
    seriesName(series),
    ...(own.length > 0 ? [formatTable(table, width).trimEnd()] : []),
    ...classes,
    isWhole ? sumLine : `${sumLine}: the tables do not account for every interval`,
    '',
  ].join('\n');
}

function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
