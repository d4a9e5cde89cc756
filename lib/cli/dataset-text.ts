import { join } from 'node:path';
import type { DatasetManifest } from '../dataset/contract.ts';
import { countText, plural } from './amounts.ts';

/** A training pack for people, 80 columns wide: what is in it, and how the naive baselines do on each walk-forward fold. */
export function datasetText(manifest: DatasetManifest, out: string): string {
  const { id, rows, features, label, folds, blocks, request } = manifest;
  const walkForward = folds.filter(({ kind }) => kind === 'walk_forward');
  const baselines = Object.entries(walkForward[0]?.baselines ?? {});
  const measure = Object.keys(baselines[0]?.[1] ?? {})[0] ?? '';
  const table = [
    ['fold', 'train', 'purged', 'test', ...baselines.map(([name]) => name)],
    ...walkForward.map((fold) => [
      fold.name,
      ...[fold.train, fold.purged, fold.test].map(countText),
      ...Object.values(fold.baselines).map((scores) => String(Number(scores[measure]!.toPrecision(3)))),
    ]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => `  ${row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}`);
  return `${[
    `dataset ${id}`,
    `  ${plural(rows, 'row')} of ${request.symbols.join(', ')} ${request.interval}`,
    `  ${blocks[0]!.first} to ${blocks.at(-1)!.last}, ${blocks.length} blocks`,
    `  ${plural(features.length, 'feature')} (${request.set}), label ${label.column}; ${measure} of the naive baselines:`,
    ...lines,
    `  and ${plural(folds.length - walkForward.length, 'combinatorial fold')}; all of it in ${join(out, 'manifest.json')}`,
  ].join('\n')}\n`;
}
