import { formatCount, plural } from '../../domain/format-amount.ts';
import type { Interval } from '../../domain/interval.ts';
import type { LabelDescription } from '../../labels/label-table.ts';
import type { ClassCount } from '../../query/label-balance.ts';
import { wrap } from '../layout.ts';

interface LabelsShown {
  readonly labels: readonly LabelDescription[];
  readonly balance: readonly ClassCount[];
  readonly interval: Interval;
  readonly lake: string;
}

/** Returns the label table for people: a paragraph per column, then the counts of each series. */
export function formatLabels({ labels, balance, interval, lake }: LabelsShown, width: number): string {
  const counts = balance.length > 0 ? balanceLines(balance, lake) : [`lake at ${lake} has no labels to count`];
  const notes = [
    `${plural(labels.length, 'column')}; horizons are for ${interval}. ` +
      'A worked example and what to mind: docs/labels.md',
  ];
  const columns = labels.flatMap((label) => [...columnLines(label), '']);
  const lines = [...columns, ...counts, '', ...notes];
  return `${lines.flatMap((line) => wrap(line, width, line.search(/\S|$/) + 2)).join('\n')}\n`;
}

function columnLines({ name, type, unit, meaning, formula, values, ...row }: LabelDescription): string[] {
  return [
    `${name}  ${type}, ${unit}; horizon ${plural(row.horizonCandles, 'candle')}; known at: ${row.known}`,
    `  ${meaning}`,
    `  = ${formula} [${row.source}]`,
    ...(values ?? []).map(({ value, meaning }) => `  ${String(value).padStart(2)}  ${meaning}`),
  ];
}

/** Returns one line per series and label: `signal  0: 17,400 (49.9 %) 1: … null: 672`. */
function balanceLines(balance: readonly ClassCount[], lake: string): string[] {
  const lines = [`Class balance of ${lake}`];
  const named = Math.max(...balance.map(({ label }) => label.length));
  let [series, label] = ['', ''];
  for (const count of balance) {
    const name = `${count.market}/${count.symbol}/${count.interval}`;
    if (name !== series) lines.push(`  ${name}`);
    if (name !== series || count.label !== label) lines.push(`    ${count.label.padEnd(named)} `);
    lines.push(`${lines.pop()} ${classText(count)}`);
    [series, label] = [name, count.label];
  }
  return lines;
}

function classText({ value, rows, share }: ClassCount): string {
  if (share === null) return `null: ${formatCount(rows)}`;
  return `${value}: ${formatCount(rows)} (${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %)`;
}
