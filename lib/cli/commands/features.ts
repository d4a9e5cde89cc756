import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { PACKAGE_ROOT } from '../../adapters/local/installation.ts';
import { BadInput } from '../../domain/errors.ts';
import { plural } from '../../domain/format-amount.ts';
import { type CertifiedFeature, certify, type Findings } from '../../features/certificate.ts';
import { wordsOf } from '../../features/formula-words.ts';
import { SECTION_TITLES } from '../../features/section-titles.ts';
import { TRAINING_SETS } from '../../query/contract.ts';
import { alignedLines, wrap } from '../layout.ts';
import { printResult, type Terminal, widthOf } from '../terminal.ts';

interface FeaturesOptions {
  readonly section?: string;
  readonly set?: string;
  readonly formula?: boolean;
  readonly json?: boolean;
}

/** The interval of the warm-up, which `npm start` collects. Windows in days have another warm-up at other intervals. */
const SHOWN_INTERVAL = '15m';

/** The most columns that are shown with all their fields. */
const FEW = 5;

const FINDINGS = join(PACKAGE_ROOT, 'docs/generated/oracles.json');

/** `lake features`: prints the columns of the feature table, all or those that fit the words. */
export function featuresCommand(options: FeaturesOptions, terminal: Terminal, words: readonly string[]): number {
  const all = certify(SHOWN_INTERVAL, JSON.parse(readFileSync(FINDINGS, 'utf8')) as Findings);
  const features = chosen(all, words, options);
  printResult(terminal, options, features, () => text(features, options, terminal));
  return 0;
}

function text(features: readonly CertifiedFeature[], options: FeaturesOptions, { out }: Terminal): string {
  // Piped text is for other programs: one line per column, nothing cut. On a terminal, long lines are wrapped.
  const width = out.isTTY ? widthOf(out) : Number.POSITIVE_INFINITY;
  const isDetailed = options.formula || features.length <= FEW;
  const blocks = isDetailed ? features.map((feature) => detail(feature, width)) : [list(features, width)];
  const notes = [
    `${plural(features.length, 'column')}${isDetailed ? '' : `; warm-up in candles, for ${SHOWN_INTERVAL}`}`,
    ...(isDetailed ? [] : ['formulas, sources and sets: npx lake features --formula, or docs/features.md']),
    'labels are not features: npx lake labels describes them',
  ];
  return `${[...blocks, notes.join('\n')].join(isDetailed ? '\n\n' : '\n')}\n`;
}

/**
 * Returns the columns that fit every word: it is a part of the column's name, or begins a word of its section or
 * meaning.
 * @throws BadInput if a word, the section or the set fits no column
 */
function chosen(
  all: readonly CertifiedFeature[],
  words: readonly string[],
  { section, set }: FeaturesOptions,
): CertifiedFeature[] {
  const sections = Object.keys(SECTION_TITLES);
  if (section !== undefined && !sections.includes(section)) {
    throw new BadInput(`section must be one of ${sections.join(' ')}, got '${section}'`);
  }
  const wantedSet = TRAINING_SETS.find((one) => one === set);
  if (set !== undefined && !wantedSet)
    throw new BadInput(`set must be one of ${TRAINING_SETS.join(' ')}, got '${set}'`);
  const found = all.filter(
    (feature) =>
      (section === undefined || feature.section === section) &&
      (wantedSet === undefined || feature.sets.includes(wantedSet)) &&
      words.every((word) => fits(feature, word)),
  );
  // A full name means that column only, and no other column whose name or meaning contains it.
  const exact = found.filter(({ name }) => words.length === 1 && name === words[0]!.toLowerCase());
  if (exact.length > 0) return exact;
  if (found.length > 0) return found;
  const given = [...words, section, set].filter((word) => word !== undefined).map((word) => `'${word}'`);
  const near = words.length === 1 ? `, the nearest is ${nearestName(words[0]!, all)}` : '';
  throw new BadInput(`features must be given by name, section or meaning, got ${given.join(' ')}${near}`);
}

function fits({ name, section, meaning }: CertifiedFeature, word: string): boolean {
  const wanted = word.toLowerCase();
  const words = `${section} ${SECTION_TITLES[section]} ${meaning}`.toLowerCase().split(/[^\p{L}\p{N}_]+/u);
  return name.includes(wanted) || words.some((one) => one.startsWith(wanted));
}

function nearestName(word: string, all: readonly CertifiedFeature[]): string {
  const names = all.map(({ name }) => name);
  return names.reduce((best, name) => (distance(name, word) < distance(best, word) ? name : best));
}

/** Returns one line per column. On a terminal, the meaning continues below itself. */
function list(features: readonly CertifiedFeature[], width: number): string {
  const head = alignedLines(
    [['column', 'section', 'warm-up', ''], ...features.map((f) => [f.name, f.section, String(f.warmUp ?? '–'), ' '])],
    [2],
  );
  const indent = Math.max(...head.map((line) => line.length)) + 2;
  const meanings = ['meaning', ...features.map(({ meaning }) => meaning)];
  return head.flatMap((line, i) => wrap(`${line.padEnd(indent)}${meanings[i]}`, width, indent)).join('\n');
}

/** Returns all fields of a column. */
function detail(feature: CertifiedFeature, width: number): string {
  const { name, section, type, meaning, formula, warmUp, scaleFree, sets, source, oracle, largestError } = feature;
  const words = wordsOf(formula).map(
    ({ use, definition, isFormula }) => `${use} ${isFormula ? '=' : ':'} ${definition}`,
  );
  const rows: [string, string][] = [
    ['meaning', meaning],
    ['formula', formula],
    ...words.map((word, i): [string, string] => [i === 0 ? 'words' : '', word]),
    [
      'warm-up',
      warmUp === null ? `never defined at ${SHOWN_INTERVAL}` : `${plural(warmUp, 'candle')} at ${SHOWN_INTERVAL}`,
    ],
    [
      'scale-free',
      scaleFree
        ? `yes, in the sets ${sets.join(' ')}`
        : 'no: it depends on the price level or on the size of the market',
    ],
    ['source', source],
    ['checked', `against ${oracle}, largest error ${largestError}`],
  ];
  const lines = rows.flatMap(([head, text]) => wrap(`  ${head.padEnd(12)}${text}`, width, 16));
  return [`${name}  (${section}, ${type})`, ...lines].join('\n');
}
