import { findFaults } from '../../scripts/prose/find-faults.ts';

const found = (path: string, source: string) => findFaults(path, source).map(({ line, found }) => `${line} ${found}`);

describe('the prose check', () => {
  test('finds phrases in docstrings, also across lines, in comments, messages and template strings', () => {
    const source = [
      '/**',
      ' * Returns the row, undefined',
      ' * where it is missing.',
      ' */',
      'export function heard(anew: string) {',
      '  // It stands for the file,',
      '  // which is to be',
      '  // had.',
      '  throw new Error(`there is none: $' + '{anew} was made good`);',
      '} // told of twice',
    ].join('\n');
    expect(found('lib/a.ts', source)).toEqual([
      '2 "undefined where"',
      '6 "stands for"',
      '7 "to be had"',
      '9 "is none"',
      '9 "made good"',
      '10 "told of"',
    ]);
  });

  test('ignores names, regular expressions and text that code separates', () => {
    const source = "const anew = /heard/.test(whoever) ? 'made' /* of */ : 'good'; /** Returns where it is. */\n";
    expect(found('lib/a.ts', source)).toEqual([]);
  });

  test('takes `where` for `if` after a comma and at the beginning of a sentence, and else for a place', () => {
    const source = '// The file, where one landed.\n// Where several landed, the first. The folder where files are.\n';
    expect(found('lib/a.ts', source)).toEqual(['1 "where"', '2 "Where"']);
  });

  test('finds first words that no docstring begins with', () => {
    const source =
      '/** What a run did. */\nconst a = 1;\n// What is left.\n/**\n * Whose turn it is.\n */\nconst b = a;\n';
    expect(found('lib/a.ts', source)).toEqual(['1 "/** What …"', '4 "/** Whose …"']);
  });

  test('finds lines of code that are too wide', () => {
    const source = `${'x'.repeat(120)}\n${'x'.repeat(121)}\n`;
    expect(found('lib/a.ts', source)).toEqual(['2 121 columns']);
    expect(found('docs/a.md', source)).toEqual([]);
  });

  test('reads documents without their code and the targets of links', () => {
    const source =
      'It is\nto be had.\n\n```\nmade good\n```\n`anew`, [a link](anew.md), **nobody heard**\n| is | none |\n';
    expect(found('docs/a.md', source)).toEqual(['2 "to be had"', '7 "heard"']);
  });
});
