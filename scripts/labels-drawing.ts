import { signalHorizon } from '../lib/labels/signal.ts';
import { EXAMPLE_INTERVAL, exampleLabels, LABEL_EXAMPLES, type LabelExample } from './label-example.ts';

const PANEL = { width: 300, height: 230, left: 40, top: 34, step: 22 };
/** Prices at the top and the bottom of a panel. */
const [TOP, BOTTOM] = [104.5, 95.5];

/** Returns the drawing of the worked example, `docs/labels.svg`: one panel per case, with its barriers and its exit. */
export function labelsDrawing(): string {
  const width = PANEL.width * LABEL_EXAMPLES.length;
  const height = PANEL.top + PANEL.height + 34;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    '  font-family="sans-serif" font-size="12" role="img" aria-label="How signal is decided, in three cases">',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...LABEL_EXAMPLES.flatMap(panel),
    '</svg>',
  ].join('\n')}\n`;
}

function panel(example: LabelExample, index: number): string[] {
  const { signal, signal_target, signal_bars } = exampleLabels(example);
  const [close] = example.candles.map(([, , price]) => price) as [number];
  const [upper, lower] = [close * (1 + signal_target), close * (1 - signal_target)];
  const end = x(signalHorizon(EXAMPLE_INTERVAL)) + PANEL.step / 2;
  const touched = signal === 1 ? upper : signal === 0 ? lower : example.candles[signal_bars]![2];
  return [
    `<g transform="translate(${index * PANEL.width} 0)">`,
    text(PANEL.left, 20, example.title, 'font-weight="bold" font-size="14"'),
    ...[
      { price: upper, name: 'upper', color: '#1a7f37' },
      { price: lower, name: 'lower', color: '#b42318' },
    ].flatMap(({ price, name, color }) => [
      line([x(0), y(price)], [end, y(price)], color, '6 4'),
      text(PANEL.left + 4, y(price) + (name === 'upper' ? -6 : 15), `${name} ${price.toFixed(1)}`, `fill="${color}"`),
    ]),
    line([x(0), y(close)], [end, y(close)], '#98a2b3', '2 4'),
    line([end, y(upper)], [end, y(lower)], '#98a2b3', '6 4'),
    ...example.candles.flatMap(([high, low, price], i) => [
      line([x(i), y(high)], [x(i), y(low)], i > signal_bars ? '#d0d5dd' : '#344054', undefined, 2),
      line([x(i), y(price)], [x(i) + 6, y(price)], i > signal_bars ? '#d0d5dd' : '#344054', undefined, 2),
    ]),
    `<circle cx="${x(signal_bars)}" cy="${round(y(touched))}" r="6" fill="none" stroke="#6941c6" stroke-width="2"/>`,
    ...[0, signal_bars].map((i) =>
      text(x(i), PANEL.top + PANEL.height + 16, i === 0 ? 't' : `t+${i}`, 'text-anchor="middle"'),
    ),
    '</g>',
  ];
}

function x(candle: number): number {
  return PANEL.left + 8 + candle * PANEL.step;
}

function y(price: number): number {
  return PANEL.top + ((TOP - price) / (TOP - BOTTOM)) * PANEL.height;
}

type Point = readonly [x: number, y: number];

function line([x1, y1]: Point, [x2, y2]: Point, color: string, dashes?: string, width = 1): string {
  const dashed = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`;
  const ends = `x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`;
  return `<line ${ends} stroke="${color}" stroke-width="${width}"${dashed}/>`;
}

function text(left: number, base: number, words: string, attributes: string): string {
  return `<text x="${round(left)}" y="${round(base)}" ${attributes}>${words}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
