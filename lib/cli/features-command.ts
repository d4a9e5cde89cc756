import { describeFeatures } from '../features/describe.ts';
import { plural } from './amounts.ts';
import { type Terminal, widthOf } from './terminal.ts';

/** Warm-up depends on the interval for windows given in days; this is the one that `npm start` collects. */
const SHOWN_INTERVAL = '15m';

/** `lake features`: the columns of the feature table. */
export function featuresCommand(options: { readonly json?: boolean }, terminal: Terminal): number {
  const features = describeFeatures(SHOWN_INTERVAL);
  if (options.json) {
    terminal.out.write(`${JSON.stringify(features)}\n`);
    return 0;
  }
  const width = widthOf(terminal.out);
  const cells = [
    ['column', 'type', 'warm-up', 'meaning'],
    ...features.map(({ name, type, warmUp, meaning }) => [name, type, String(warmUp ?? '–'), meaning]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map(([name, type, warmUp, meaning]) => {
    const line = `${name!.padEnd(widths[0]!)}  ${type!.padEnd(widths[1]!)}  ${warmUp!.padStart(widths[2]!)}  ${meaning}`;
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
  });
  const note = `${plural(features.length, 'column')}; warm-up in candles, for ${SHOWN_INTERVAL}; --json tells all of it`;
  terminal.out.write(`${[...lines, note].join('\n')}\n`);
  return 0;
}
