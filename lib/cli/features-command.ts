import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../adapters/local/installation.ts';
import { certify, type Findings } from '../features/certificate.ts';
import { plural } from './amounts.ts';
import { type Terminal, widthOf } from './terminal.ts';

/** Warm-up depends on the interval for windows given in days; this is the one that `npm start` collects. */
const SHOWN_INTERVAL = '15m';

const FINDINGS = join(PACKAGE_ROOT, 'docs/generated/oracles.json');

/** `lake features`: the columns of the feature table and what each was checked against. */
export function featuresCommand(options: { readonly json?: boolean }, terminal: Terminal): number {
  const features = certify(SHOWN_INTERVAL, JSON.parse(readFileSync(FINDINGS, 'utf8')) as Findings);
  if (options.json) {
    terminal.out.write(`${JSON.stringify(features)}\n`);
    return 0;
  }
  const width = widthOf(terminal.out);
  const cells = [
    ['column', 'type', 'warm-up', 'error', 'meaning'],
    ...features.map((f) => [f.name, f.type, String(f.warmUp ?? '–'), f.largestError, f.meaning]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map(([name, type, warmUp, error, meaning]) => {
    const numbers = `${warmUp!.padStart(widths[2]!)}  ${error!.padEnd(widths[3]!)}`;
    const line = `${name!.padEnd(widths[0]!)}  ${type!.padEnd(widths[1]!)}  ${numbers}  ${meaning}`;
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
  });
  const notes = [
    `${plural(features.length, 'column')}; warm-up in candles, for ${SHOWN_INTERVAL}; error: the largest against its oracle`,
    'Parameters, memory, sets, sources and oracles: --json, or docs/features.md.',
  ];
  terminal.out.write(`${[...lines, ...notes].join('\n')}\n`);
  return 0;
}
