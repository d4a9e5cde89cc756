import { CANDLE_TABLE_COLUMNS } from '../../lib/domain/candles.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import type { FeatureRow } from '../../lib/features/feature-row.ts';
import { FORMULA_FUNCTIONS, FORMULA_TERMS, wordsOf } from '../../lib/features/formula-words.ts';
import { type FeatureName, TABLE } from '../../lib/features/table.ts';
import { roughCandles, sampleCandles } from '../support/candles.ts';
import { formulaEvaluator } from './evaluate-formula.ts';
import { namesIn, parseFormula } from './formula.ts';

const rows: readonly FeatureRow[] = TABLE;
const columns = rows.flatMap((row) => row.columns);
const formulas = new Map(columns.map(({ name, formula }) => [name as string, formula]));
const used = columns.map(({ formula }) => namesIn(parseFormula(formula)));
const terms = Object.entries(FORMULA_TERMS);

test('every word of a formula is a column, a term or a function that is defined', () => {
  const candles: readonly string[] = Object.values(CANDLE_TABLE_COLUMNS);
  const inTerms = terms.flatMap(([, word]) => (word.isFormula ? [namesIn(parseFormula(word.definition))] : []));
  const values = [...used, ...inTerms].flatMap((names) => names.values);
  expect(values.filter((name) => !candles.includes(name) && !formulas.has(name) && !FORMULA_TERMS[name])).toEqual([]);
  const functions = [...used, ...inTerms].flatMap((names) => names.functions);
  expect(functions.filter((name) => !FORMULA_FUNCTIONS[name])).toEqual([]);
});

test('every function and term that is defined is used, with as many arguments', () => {
  const texts = [...formulas.values(), ...terms.map(([, { definition }]) => definition)].join('\n');
  const names = [...Object.keys(FORMULA_TERMS), ...Object.keys(FORMULA_FUNCTIONS)];
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(texts))).toEqual([]);
});

test('a formula reads only columns before its own, so that no definition is circular', () => {
  const order = columns.map(({ name }) => name as string);
  const later = columns.flatMap(({ name, formula }) =>
    namesIn(parseFormula(formula))
      .values.filter((other) => order.indexOf(other) >= order.indexOf(name))
      .map((other) => `${name} reads ${other}`),
  );
  expect(later).toEqual(['linearreg_14 reads linearreg_slope_14', 'donchian_20_middle reads donchian_20_lower']);
});

test('wordsOf gives what a reader has to know, also of the words in a definition', () => {
  expect(wordsOf('wilder(gain, 14)').map(({ use }) => use)).toEqual([
    'change',
    'gain',
    'lag(x, n)',
    'greater(a, b)',
    'wilder(x, n)',
  ]);
});

/** In the flat stretches of rough candles these compare numbers that differ by their rounding alone. */
const ROUNDING_DECIDES = ['stochrsi_14_14_3_k', 'stochrsi_14_14_3_d', 'cdl_doji', 'cdl_hanging_man'];

describe.each([
  ['ordinary', sampleCandles('1h', 1000, 'ordinary', 7)],
  ['rough', roughCandles('1h', 1000, 8)],
] as const)('computed by its formula over %s candles', (kind, candles) => {
  const { columns: computed } = createFeatureEngine('1h').run(candles);
  const { valuesOf } = formulaEvaluator(candles, '1h', formulas);

  const names = columns.map(({ name }) => name as FeatureName);
  test.each(names.filter((name) => kind === 'ordinary' || !ROUNDING_DECIDES.includes(name)))(
    '%s is what its kernel gives',
    (name) => {
      const wanted = valuesOf(name);
      const ours = [...computed[name]];
      const size = Math.max(...ours.filter((value) => !Number.isNaN(value)).map(Math.abs));
      const differing = ours.flatMap((value, row) => {
        // Some columns begin later than their formula would: with the columns beside them.
        const isWarm = !Number.isNaN(value) || ours.slice(0, row).some((before) => !Number.isNaN(before));
        if (!isWarm) return [];
        const isSame =
          Object.is(value, wanted[row]) ||
          Math.abs(value - wanted[row]!) <= 1e-8 * Math.max(Math.abs(value), size * 1e-3);
        return isSame ? [] : [{ row, formula: wanted[row], kernel: value }];
      });
      expect({ differing: differing.slice(0, 3), count: differing.length }).toEqual({ differing: [], count: 0 });
      expect(ours.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(100);
    },
  );
});
