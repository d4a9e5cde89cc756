import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import type { CertifiedFeature } from '../../lib/features/certificate.ts';
import { fakeTerminal } from '../support/terminal.ts';

async function features(args: readonly string[], columns?: number) {
  const terminal = fakeTerminal();
  if (columns !== undefined) Object.assign(terminal.out, { isTTY: true, columns });
  const code = await runLakeProgram(['features', ...args], terminal);
  return { code, ...terminal.written };
}

const all = JSON.parse((await features(['--json'])).out) as CertifiedFeature[];

test('piped, each column has one line, with its whole meaning', async () => {
  const { code, out } = await features([]);
  expect(code).toBe(0);
  const lines = out.split('\n');
  for (const { name, meaning } of all) {
    expect(lines.filter((line) => line.startsWith(`${name} `) && line.endsWith(` ${meaning}`))).toHaveLength(1);
  }
  expect(out).toContain(`${all.length} columns`);
  expect(out).toContain('npx lake labels');
});

test.each([80, 120])('on a terminal of %d columns, lines are wrapped and nothing is cut', async (columns) => {
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  for (const args of [[], ['--formula', 'hurst']]) {
    const { out } = await features(args, columns);
    expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
    expect(words(out)).toEqual(words((await features(args)).out));
  }
});

test('words are looked for in name, section and meaning, and all of them have to fit', async () => {
  const names = async (...args: string[]) =>
    (JSON.parse((await features([...args, '--json'])).out) as CertifiedFeature[]).map(({ name }) => name);
  expect(await names('rsi')).toEqual(['rsi_7', 'rsi_14', 'rsi_21', 'stochrsi_14_14_3_k', 'stochrsi_14_14_3_d']);
  expect(await names('RSI_14')).toEqual(['rsi_14']);
  expect(await names('supertrend', 'stop')).toEqual(['supertrend_10_3']);
  expect(await names('--section', 'time')).toEqual(all.filter(({ section }) => section === 'time').map((f) => f.name));
  const sets = await names('--section', 'trend', '--set', 'lstm');
  expect(sets).toContain('adx_14');
  expect(sets).not.toContain('adxr_14');
  expect(await names('ichimoku')).toHaveLength(4);
});

test('few columns are shown with formula, the words of it, warm-up, sets, source and check', async () => {
  const { out } = await features(['rsi_14']);
  expect(out).toContain('rsi_14  (momentum, float32)\n');
  expect(out).toContain('formula     or0(100 * wilder(gain, 14) / (wilder(gain, 14) + wilder(loss, 14)))\n');
  for (const words of [
    'gain = greater(change, 0)',
    'or0(x) : x, or 0',
    '14 candles at 15m',
    'yes, in the sets xgboost mlp lstm',
    'TA-Lib RSI',
    'largest error',
  ]) {
    expect(out).toContain(words);
  }
  expect((await features(['close', '--section', 'trend'])).out).not.toContain('formula     ');
  expect((await features(['close', '--section', 'trend', '--formula'])).out).toContain('formula     ');
});
