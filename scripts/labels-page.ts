import { INTERVALS } from '../lib/domain/interval.ts';
import { isoTime } from '../lib/domain/time-range.ts';
import { describeLabels, LABEL_TABLE, type LabelRow } from '../lib/labels/label-table.ts';
import { signalBase, signalHorizon } from '../lib/labels/signal.ts';
import { EXAMPLE_INTERVAL, EXAMPLE_SIGMA, exampleLabels, LABEL_EXAMPLES } from './label-example.ts';

const SHOWN_INTERVAL = '15m';
const rows: readonly LabelRow[] = LABEL_TABLE;

/** Returns the page about labels, `docs/labels.md`, from the label table and the worked example. */
export function labelsPage(): string {
  return `${[
    INTRODUCTION,
    columnsTable(),
    CLASSES,
    ...rows.flatMap(({ name, values }) =>
      values ? [`| \`${name}\` | ${values.map(({ value, meaning }) => `**${value}** ${meaning}`).join('<br>')} |`] : [],
    ),
    HORIZONS,
    ...INTERVALS.map((interval) => {
      const unlabelled = interval === '1w' || interval === '1M';
      const note = unlabelled ? 'no `signal`: `volatility_7d` needs more than one candle in 7 days' : '';
      return `| ${interval} | ${signalHorizon(interval)} | ${signalBase(interval)} σ | ${note} |`;
    }),
    EXAMPLE,
    exampleTable(),
    READING,
  ].join('\n')}\n`;
}

function columnsTable(): string {
  const lines = describeLabels(SHOWN_INTERVAL).map(({ name, type, meaning, formula, unit, ...row }) => {
    const cells = [`\`${name}\``, meaning, formula, unit, type, String(row.horizonCandles), row.known, row.source];
    return `| ${cells.join(' | ')} |`;
  });
  return lines.join('\n');
}

function exampleTable(): string {
  const labels = LABEL_EXAMPLES.map(exampleLabels);
  const candles = LABEL_EXAMPLES[0]!.candles.map((_, i) => {
    const prices = LABEL_EXAMPLES.map(({ candles }) => candles[i]!.map((price) => price.toFixed(1)).join(' / '));
    return `| t${i === 0 ? '' : `+${i}`} | ${prices.join(' | ')} |`;
  });
  const results = rows.map(({ name, unit }) => {
    const values = labels.map((row) => exampleText(row[name as keyof typeof row], unit));
    return `| \`${name}\` | ${values.join(' | ')} |`;
  });
  const head = (first: string) => [
    `| ${first} | ${LABEL_EXAMPLES.map(({ title }) => title).join(' | ')} |`,
    `|---|${'---|'.repeat(LABEL_EXAMPLES.length)}`,
  ];
  return [
    ...head('candle: high / low / close'),
    ...candles,
    '',
    'After t+10 the close does not change. The labels of row t are then:',
    '',
    ...head('column'),
    ...results,
  ].join('\n');
}

function exampleText(value: number, unit: LabelRow['unit']): string {
  if (unit === 'instant') return isoTime(value);
  return unit === 'fraction' ? String(Number(value.toPrecision(6))) : String(value);
}

const INTRODUCTION = `# Labels

This page says what each column of the table \`labels\` means. It is for everyone who trains a model on them.
\`npm run gen\` writes it from the label table; \`npm test\` fails if it is stale. \`lake labels\` prints the same
table, and how often each class occurs in the lake at hand.

A **label** describes what the price did after a candle. Row t of \`labels\` belongs to the candle of the same
\`open_time\`. Its features are known when that candle closes, and its labels only later. So a label is a target and
never an input. The **horizon** is the number of later candles that a column can depend on, here at ${SHOWN_INTERVAL}.
Candles are counted, not time: over a gap a horizon lasts longer. σ is the feature \`volatility_7d\` of row t.

| column | meaning | formula | unit | type | horizon | known at | source |
|---|---|---|---|---|---|---|---|`;

const CLASSES = `
Fractions are relative: 0.01 is one percent. A row appears once all its labels are decided. So the newest candles have
no row: 96 of them at 15m. A column is null if it has no meaning for the row: \`signal\` without σ (the first 7 days
of a series) or with σ = 0, \`tb_2_20\` in the first 20 candles.

## Values

A training pack has the label twice: \`label\` is the value as it is in the lake, and \`label_class\` numbers the
values of this table from 0, as XGBoost and most other libraries expect. The manifest of the pack has the way back
(\`label.classes\`). See [packs.md](packs.md).

| column | values, class 0 first |
|---|---|`;

const HORIZONS = `
## Horizon and barriers of \`signal\`

| interval | horizon in candles | barriers | |
|---|---|---|---|`;

const EXAMPLE = `
## A worked example

Three candles of ${EXAMPLE_INTERVAL} close at 100, at row t. \`volatility_7d\` is ${EXAMPLE_SIGMA} there. At
${EXAMPLE_INTERVAL} the base is 3, so \`signal_target\` is 0.03 and the barriers are 103 and 97. The horizon is 10
candles. Before t the close alternates between 100 and 99.5. That makes σ20 about 0.0051, so \`tb_2_20\` has its
barriers at about 101.03 and 98.97 and looks at closes only.

![Three cases: the upper barrier is reached first, the lower barrier is reached first, neither is reached](labels.svg)

1. **signal = 1**: the high of candle t+6 is 103.2, the first at or above 103. Lower prices later do not count.
2. **signal = 0**: the low of candle t+5 is 96.8, the first at or below 97. The high of 103.4 at t+9 comes too late.
3. **signal = 2**: no candle from t+1 to t+10 reaches 103 or 97. The return is that of the close of t+10.
`;

const READING = `
## Before you train

- **Class 2 of \`signal\` is rare below 4h.** A day is long for barriers of 3 σ of one candle, so nearly every row
  reaches one of them: at 15m often fewer than 1 row in 1,000 has class 2. \`lake labels\` shows the counts of your
  lake.
- **Balanced accuracy counts each class alike.** It is the mean recall of the classes that the test rows have. If a
  fold tests one row of class 2, a model that never says 2 gets at most 2/3, and always saying 1 gets 1/3. Without
  that row the same models get 1 and 1/2. So compare with the baselines of the same fold, never across folds, and read
  \`accuracy\` beside it.
- **Labels overlap.** Neighbouring rows share most of their later candles. \`uniqueness\` is the weight that corrects
  for it, and packs purge training rows that overlap the test.
- **Both barriers in one candle** count as 0 (\`signal_ambiguous\` = 1), because the order inside a candle is unknown.
- **A label of 0 does not mean the same everywhere.** \`signal\` 0 is down, \`tb_2_20\` 0 is "neither",
  \`trend_up_15\` 0 is "not up".`;
