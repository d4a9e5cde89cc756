import type { Interval } from '../domain/interval.ts';
import { describeFeatures, type FeatureDescription } from './describe.ts';
import { FORMULA_FUNCTIONS, FORMULA_TERMS, type FormulaWord } from './formula-words.ts';
import { SECTION_TITLES } from './section-titles.ts';

/**
 * The result of a column's tests: the implementation it was compared with, and the largest relative error, rounded up.
 */
export interface Finding {
  readonly oracle: string;
  /** Such as `0`, `1e-15` or `1e-10`. */
  readonly largestError: string;
}

/** Findings by column, `docs/generated/oracles.json`. */
export type Findings = Readonly<Record<string, Finding>>;

/** All that is claimed of a column, with what backs it. */
export interface CertifiedFeature extends FeatureDescription, Finding {}

/** Descriptions with their findings. @throws Error naming a column that nothing was checked against. */
export function certify(interval: Interval, findings: Findings): CertifiedFeature[] {
  return describeFeatures(interval).map((feature) => {
    const finding = findings[feature.name];
    if (!finding) throw new Error(`feature ${feature.name} has no oracle, expected one in docs/generated/oracles.json`);
    return { ...feature, ...finding };
  });
}

/** The certificate as a Markdown page, `docs/features.md`: the columns by section, then the words of their formulas. */
export function certificatePage(interval: Interval, findings: Findings): string {
  const features = certify(interval, findings);
  const sections = [...new Set(features.map(({ section }) => section))];
  const contents = sections.map((section) => {
    const columns = features.filter((feature) => feature.section === section);
    return `- [${SECTION_TITLES[section]}](#${section}): ${columns.map(({ name }) => `[\`${name}\`](#${name})`).join(' ')}`;
  });
  const tables = sections.map((section) => {
    const columns = features.filter((feature) => feature.section === section);
    return [`<a id="${section}"></a>\n\n## ${SECTION_TITLES[section]}\n`, HEADER, ...columns.map(tableRow)].join('\n');
  });
  return `${[INTRODUCTION(features.length, interval), contents.join('\n'), ...tables, LEGEND].join('\n\n')}\n`;
}

const HEADER = [
  '| column | meaning | formula | scale-free | sets | warm-up | source | checked against (largest error) |',
  '|---|---|---|---|---|---|---|---|',
].join('\n');

function tableRow(feature: CertifiedFeature): string {
  const { name, type, meaning, formula, scaleFree, warmUp, sets, source, oracle, largestError } = feature;
  const cells = [
    `<a id="${name}"></a>\`${name}\`${type === 'float32' ? '' : ` ${type}`}`,
    meaning,
    `\`${formula}\``,
    scaleFree ? 'yes' : 'no',
    sets.join(' '),
    String(warmUp ?? '–'),
    source,
    `${oracle} (${largestError})`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function legendTable(words: Readonly<Record<string, FormulaWord>>): string {
  const rows = Object.values(words).map(({ use, definition, isFormula }) => {
    const text = definition.replaceAll('|', '\\|');
    return `| \`${use}\` | ${isFormula ? `\`${text}\`` : text} |`;
  });
  return ['| word | definition |', '|---|---|', ...rows].join('\n');
}

const LEGEND = `<a id="formulas"></a>

## The words of the formulas

A formula gives the value at the candle of its row. It reads columns of \`candles\`, other columns of this page, and the
words below. \`^\` is a power. A value is undefined (null in the tables) if it reads an undefined value or divides by zero,
unless a word says otherwise. \`test/features/formulas.test.ts\` computes every column by its formula and compares the
result with the column.

Terms of one candle:

${legendTable(FORMULA_TERMS)}

Functions of a candle and of those before it. A window of n candles ends with the candle itself.

${legendTable(FORMULA_FUNCTIONS)}`;

const INTRODUCTION = (count: number, interval: Interval) => `# Features

This page describes the ${count} columns of the table \`features\`, for people who choose columns for a model or check a
definition. \`npm run gen\` writes it from the feature table and from the findings of its tests. \`npm test\` fails if the
page is stale. On a terminal: \`npx lake features rsi\`. Labels have a command of their own: \`npx lake labels\`.

Every column is causal: its value at a candle depends on that candle and those before it. The laws in
\`test/features/laws.test.ts\` hold for each.

| heading | meaning |
|---|---|
| column | Name in the table. The type is float32 unless another is given. |
| formula | The definition, in [words](#formulas) that are defined at the end of this page. |
| scale-free | "yes" if the column depends neither on the price level nor on the size of the market, so that symbols and years can be compared. |
| sets | The kinds of model that the column is meant for; views \`ml_xgboost\`, \`ml_mlp\`, \`ml_lstm\` and packs hold these. |
| warm-up | Candles without a value at the beginning of a series, for ${interval}. Windows given in days differ by interval. |
| source | The origin of the definition. |
| checked against | The implementation that the column was compared with, and the largest difference found. It is relative to the value, or to the numbers it is the difference of, and rounded up to a power of ten. The goldens of TA-Lib carry 11 digits, so 1e-10 is their rounding. |

\`npx lake features --json\` has two more numbers per column. \`stateValues\` is how many numbers its kernel keeps from candle
to candle, and \`historyRows\` how many earlier rows it reads back.`;
