import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { fillPage } from '../../bench/fill-page.ts';
import { ROOT } from '../support/lake-process.ts';

const PAGE = [
  'Intro $1.',
  '<!-- bench pipeline -->',
  'old table',
  'of two lines',
  '<!-- end -->',
  'Between.',
  '<!-- bench cold -->',
  '<!-- end -->',
  'Close.',
].join('\n');

describe('fillPage', () => {
  test('puts each part of a session between its own marks, and leaves the rest of the page as it was', () => {
    const session = 'machine line\n### cold\n\n| a | $& |\n\n### pipeline\nx; load 1\n\n| b |\n';
    expect(fillPage(PAGE, session)).toEqual({
      page: [
        'Intro $1.',
        '<!-- bench pipeline -->',
        '\nx; load 1\n\n| b |\n',
        '<!-- end -->',
        'Between.',
        '<!-- bench cold -->',
        '\n| a | $& |\n',
        '<!-- end -->',
        'Close.',
      ].join('\n'),
      homeless: [],
    });
  });

  test('names a part that the page has no marks for, and fills the others', () => {
    const { page, homeless } = fillPage(PAGE, '### decode\n\n| lost |\n### cold\n\n| kept |\n');
    expect(homeless).toEqual(['decode']);
    expect(page).toContain('<!-- bench cold -->\n\n| kept |\n\n<!-- end -->');
    expect(page).not.toContain('lost');
  });

  test('the same session twice makes the same page', () => {
    const session = '### pipeline\n\n| b |\n';
    const once = fillPage(PAGE, session).page;
    expect(fillPage(once, session).page).toBe(once);
  });
});

describe('the benchmarks', () => {
  test.each(Object.keys(BENCHMARKS))('%s can be loaded, says what it measures, and makes a report', async (name) => {
    const { about, cases, report } = await BENCHMARKS[name]!();
    expect(about).toMatch(/^\S[^\n]+$/);
    expect([typeof cases, typeof report]).toEqual(['object', 'function']);
  });

  test('each place of docs/performance.md is that of a part of a session, once', () => {
    const page = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8');
    const places = [...page.matchAll(/^<!-- bench (.+) -->$/gm)].map(([, name]) => name!);
    expect(places.length).toBeGreaterThan(3);
    expect(places.filter((name) => name !== 'Session' && !Object.hasOwn(BENCHMARKS, name))).toEqual([]);
    expect(new Set(places).size).toBe(places.length);
  });

  test('a name that is not one of them ends with exit code 2 and the list of names', () => {
    const options = { cwd: ROOT, encoding: 'utf8' } as const;
    const { status, stderr } = spawnSync('node', ['--import', 'tsx', 'bench/run.ts', 'nothing'], options);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `benchmark must be one of ${Object.keys(BENCHMARKS).join(', ')}, got 'nothing'\n`,
    });
  });
});
