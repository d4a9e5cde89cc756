import { readFileSync } from 'node:fs';
import { INTERVALS } from '../../lib/domain/interval.ts';
import { TABLE } from '../../lib/features/table.ts';
import { warmUps } from '../../lib/features/warm-up.ts';
import { EXAMPLE_SIGMA, exampleLabels, LABEL_EXAMPLES } from '../../scripts/label-example.ts';
import { labelsDrawing } from '../../scripts/labels-drawing.ts';
import { labelsPage } from '../../scripts/labels-page.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/labels.md and its drawing are those of the label table and the example; if not, `npm run gen`', () => {
  expect(read('docs/labels.md')).toBe(labelsPage());
  expect(read('docs/labels.svg')).toBe(labelsDrawing());
});

describe('the worked example, calculated again without the code of the labels', () => {
  const page = read('docs/labels.md');
  /** The values that the page prints for a column, case by case. */
  const printed = (column: string) => {
    const line = page
      .split('\n')
      .filter((text) => text.startsWith(`| \`${column}\` |`))
      .at(-1)!;
    return line
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());
  };
  /** The close of candle t+n; it does not change after the last listed candle. */
  const closeAt = (candles: (typeof LABEL_EXAMPLES)[number]['candles'], n: number) =>
    (candles[n] ?? candles.at(-1)!)[2];

  test.each(LABEL_EXAMPLES.map((example, i) => [example.title, i] as const))('%s', (title, i) => {
    const { candles } = LABEL_EXAMPLES[i]!;
    const target = 3 * EXAMPLE_SIGMA;
    const [upper, lower] = [100 * (1 + target), 100 * (1 - target)];
    const touch = candles.findIndex(([high, low], n) => n > 0 && (high >= upper || low <= lower));
    const exit = touch === -1 ? 10 : touch;
    const [high, low, close] = candles[exit]!;
    const signal = touch === -1 ? 2 : low <= lower ? 0 : 1;
    const gain = signal === 2 ? close / 100 - 1 : signal === 1 ? target : -target;
    const instant = (candle: number) => new Date(Date.UTC(2026, 0, 1) + candle * 14_400_000).toISOString();

    const returns = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 99.5 / 100 : 100 / 99.5) - 1);
    const mean = returns.reduce((sum, value) => sum + value, 0) / 20;
    const width = 2 * Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19);
    let barrier = 1;
    while (barrier < 20 && Math.abs(closeAt(candles, barrier) / 100 - 1) < width) barrier++;
    const change = closeAt(candles, barrier) / 100 - 1;

    const expected: Record<string, number | string> = {
      open_time: instant(0).replace('.000', ''),
      known_at: instant(61).replace('.000', ''),
      signal,
      signal_target: target,
      signal_bars: exit,
      signal_return: gain,
      signal_t1: instant(exit + 1).replace('.000', ''),
      signal_ambiguous: high >= upper && low <= lower ? 1 : 0,
      tb_2_20: Math.abs(change) < width ? 0 : Math.sign(change),
      tb_2_20_return: change,
      tb_2_20_t1: instant(barrier + 1).replace('.000', ''),
      ...Object.fromEntries([1, 5, 15, 60].map((n) => [`fwd_return_${n}`, closeAt(candles, n) / 100 - 1])),
      trend_up_15: closeAt(candles, 15) > 100 ? 1 : 0,
      uniqueness: 1,
    };
    expect(title).toBe(`signal = ${signal}`);
    expect(Object.keys(expected).sort()).toEqual(Object.keys(exampleLabels(LABEL_EXAMPLES[i]!)).sort());
    for (const [column, value] of Object.entries(expected)) {
      const text = printed(column)[i]!;
      if (typeof value === 'string') expect([column, text]).toEqual([column, value]);
      else expect([column, Number(text)]).toEqual([column, expect.closeTo(value, 6)]);
    }
    expect(width).toBeCloseTo(0.0103, 4);
  });
});

test('the page names the intervals at which signal never has a value', () => {
  const never = INTERVALS.filter((interval) => !Number.isFinite(warmUps(interval, TABLE).get('volatility_7d')!));
  for (const interval of INTERVALS) {
    const line = read('docs/labels.md')
      .split('\n')
      .find((text) => text.startsWith(`| ${interval} |`))!;
    expect([interval, line.includes('no `signal`')]).toEqual([interval, never.includes(interval)]);
  }
});
