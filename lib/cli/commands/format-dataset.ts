import { join } from 'node:path';
import type { DatasetManifest, FoldReport } from '../../dataset/contract.ts';
import { formatCount, plural } from '../../domain/format-amount.ts';
import { wrap } from '../layout.ts';

const WIDTH = 80;

/**
 * Returns a training pack for people, 80 columns wide: its rows, the rows left out, and the scores of the naive
 * baselines on each walk-forward fold.
 */
export function formatDataset(manifest: DatasetManifest, out: string): string {
  const { id, rows, features, label, folds, blocks, request, holdOut } = manifest;
  const walkForward = folds.filter(({ kind }) => kind === 'walk_forward');
  const measure = Object.keys(Object.values(walkForward[0]?.baselines ?? {})[0] ?? {})[0] ?? '';
  const set = request.set === 'columns' ? 'as listed' : request.set;
  const joined = request.joined.length > 0 ? ` with ${request.joined.join(', ')}` : '';
  const lines = [
    `dataset ${id}`,
    `  ${plural(rows, 'row')} of ${request.symbols.join(', ')} ${request.interval}${joined}`,
    `  ${blocks[0]!.first} to ${blocks.at(-1)!.last}, ${blocks.length} blocks`,
    ...leftOutLines(manifest),
    ...classLines(manifest),
    `  ${plural(features.length, 'feature')} (${set}), label ${label.column}; ${measure} of the naive baselines:`,
    ...foldLines([...walkForward, ...(holdOut ? [holdOut] : [])], measure),
    `  and ${plural(folds.length - walkForward.length, 'combinatorial fold')}; ` +
      `all of it in ${join(out, 'manifest.json')}`,
  ];
  return `${lines.flatMap((line) => wrap(line, WIDTH, 4)).join('\n')}\n`;
}

/** Returns lines about rows that are not in the pack, rows without a label, and rows with nulls. */
function leftOutLines({ cut, nulls, unlabelled, label }: DatasetManifest): string[] {
  const reasons = [
    [cut.noLabel, `without ${label.column}`],
    [cut.undecided, 'not decided yet'],
    [cut.nullFeature, 'with a null feature'],
  ] as const;
  const given = reasons.flatMap(([count, why]) => (count > 0 ? [`${formatCount(count)} ${why}`] : []));
  const most = Object.entries(nulls.columns).sort(([, a], [, b]) => b - a);
  const named = most.slice(0, 3).map(([name, count]) => `${name} ${formatCount(count)}`);
  const dropped = nulls.rule === 'drop' ? 'left out' : 'in the pack';
  return [
    ...(given.length > 0 ? [`  left out: ${given.join(', ')}`] : []),
    ...(unlabelled > 0 ? [`  ${plural(unlabelled, 'row')} without a label yet, to predict on`] : []),
    ...(nulls.rows > 0
      ? [`  ${plural(nulls.rows, 'row')} with a null feature, ${dropped}; most nulls: ${named.join(', ')}`]
      : []),
    ...(nulls.leftOut.length > 0
      ? [`  ${plural(nulls.leftOut.length, 'feature')} without a value at this interval left out`]
      : []),
  ];
}

function classLines({ label }: DatasetManifest): string[] {
  if (!label.classes) return [];
  const all = label.classes.reduce((sum, { rows }) => sum + rows, 0);
  const counts = label.classes.map(({ value, rows }) => {
    const share = (100 * rows) / all;
    return `${value}: ${formatCount(rows)} (${share.toFixed(share < 1 ? 2 : 1)} %)`;
  });
  return [`  ${label.column} ${counts.join(', ')}`];
}

function foldLines(folds: readonly FoldReport[], measure: string): string[] {
  const table = [
    ['fold', 'train', 'purged', 'test', ...Object.keys(folds[0]?.baselines ?? {})],
    ...folds.map((fold) => [
      fold.name,
      ...[fold.train, fold.purged, fold.test].map(formatCount),
      ...Object.values(fold.baselines).map((scores) => String(Number(scores[measure]!.toPrecision(3)))),
    ]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) => `  ${row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}`);
}
