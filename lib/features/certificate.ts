import type { Interval } from '../domain/interval.ts';
import { describeFeatures, type FeatureDescription } from './describe.ts';

/** What the tests found of a column: against what it was checked, and the largest relative error, rounded up. */
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

/** The certificate as a Markdown page, `docs/features.md`. */
export function certificatePage(interval: Interval, findings: Findings): string {
  const rows = certify(interval, findings).map((feature) => {
    const memory = `${feature.stateValues} + ${feature.historyRows}`;
    const { name, type, meaning, parameters, warmUp, sets, source, oracle, largestError } = feature;
    const cells = [`\`${name}\``, meaning, source, parameters, String(warmUp ?? '–'), memory, type];
    return `| ${[...cells, sets.join(' '), oracle, largestError].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `${INTRODUCTION(rows.length, interval)}\n${HEADER}\n${rows.join('\n')}\n`;
}

const HEADER = [
  '| column | meaning | source | parameters | warm-up | memory | type | sets | oracle | largest error |',
  '|---|---|---|---|---|---|---|---|---|---|',
].join('\n');

const INTRODUCTION = (count: number, interval: Interval) => `# Features

Made by \`npm run gen\` from the feature table and from what its tests found; \`npm test\` fails where this page is stale.

${count} columns, every one causal: the laws in \`test/features/laws.test.ts\` hold for each. *Warm-up* is the number of
candles without a value at the beginning of a series and *memory* the numbers kept between candles (state + rows of history
read back), both for ${interval}; windows given in days differ by interval. *Oracle* is what the column was compared with,
over the shapes and candles of \`test/features\`, and *largest error* the largest difference seen, relative to the value or to
the size of the numbers it is the difference of, rounded up to a power of ten. The goldens carry 11 digits, so an error of 1e-10 is
their rounding.
`;
