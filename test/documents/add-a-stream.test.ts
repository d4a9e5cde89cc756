import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sources } from '../../jest.config.mjs';
import { temporaryFolder } from '../support/folder.ts';
import { fencesOf } from './fences.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const [DIFF] = fencesOf('docs/add-a-stream.md').filter(({ info }) => info === 'diff');

/** A plan of the stream, which only archive files have: the archive lists one day, and REST answers. */
const PLAN_TEST = `
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { planStreams } from '../../../lib/lake/plan/plan-streams.ts';

test('plans the files that the archive lists, and asks REST for nothing', async () => {
  const [fromMs, toMs, asOfMs] = [Date.parse('2024-03-01'), Date.parse('2024-03-04'), Date.parse('2024-03-04T10:00Z')];
  const listed = { source: 'archive_daily', range: { fromMs, toMs: fromMs + 86_400_000 }, sizeBytes: 1 };
  const archive = { files: async (of) => (of.name === 'liquidations' ? [listed] : []) };
  const planned = { series: { market: 'um', symbol: 'BTCUSDT', interval: '1h' }, range: { fromMs, toMs } };
  const series = [{ planned, rest: true, settledMs: Number.POSITIVE_INFINITY }];
  const question = { market: 'um', series, toMs: asOfMs, asOfMs, archiveOnly: false };
  const { plan } = await planStreams(question, { store: memoryStore(), archive, rest: true });
  const own = ({ stream }) => stream.name === 'liquidations';
  expect(plan.chunks.filter(own)).toMatchObject([{ source: 'archive_daily', range: listed.range }]);
  expect(plan.streams.filter(own)).toMatchObject([{ wantedChunks: 1, outOfReach: [] }]);
});
`;

/** Runs a program in the folder and returns its exit code and what it printed. */
function run(folder: string, program: string, ...args: string[]): { readonly status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

/** A copy of the code and of the set-ups of tests, with a part of the documented change. */
function copyWith(...parts: readonly string[]): { readonly folder: string; readonly files: readonly string[] } {
  const folder = temporaryFolder();
  for (const part of ['lib', 'test/support', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'change.diff'), parts.join(''));
  expect(run(folder, 'git', 'apply', 'change.diff')).toEqual({ status: 0, text: '' });
  return { folder, files: parts.map((part) => /^diff --git a\/(\S+)/.exec(part)![1]!) };
}

/** The faults that the compiler finds in the files of a change, and in those that import them. */
function compile({ folder, files }: ReturnType<typeof copyWith>): string[] {
  const all = [...files, 'lib/exchange/decode-stream.ts', 'lib/exchange/binance/sources.ts', 'lib/web-assembly.d.ts'];
  const config = { extends: './tsconfig.json', include: [], files: all };
  writeFileSync(join(folder, 'tsconfig.change.json'), JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { text } = run(folder, process.execPath, compiler, '-p', 'tsconfig.change.json', '--pretty', 'false');
  return text.split('\n').filter((line) => line.includes('error TS'));
}

describe('the change of docs/add-a-stream.md', () => {
  const parts = DIFF!.text.split(/^(?=diff --git )/m).map((part) => (part.endsWith('\n') ? part : `${part}\n`));

  test('is one row, its place at the exchange, one decoder and one golden test', () => {
    expect(parts.map((part) => /^diff --git a\/(\S+)/.exec(part)![1])).toEqual([
      'lib/domain/stream-table.ts',
      'lib/exchange/binance/sources.ts',
      'lib/exchange/binance/stream-decoders.ts',
      'lib/exchange/binance/streams/liquidations.ts',
      'test/lake/refine/streams/liquidations.test.ts',
    ]);
  });

  test('compiles, and its golden test passes', () => {
    const copy = copyWith(...parts);
    expect(compile(copy)).toEqual([]);
    const plan = join(copy.folder, 'test/lake/plan/trial.test.ts');
    mkdirSync(dirname(plan), { recursive: true });
    writeFileSync(plan, PLAN_TEST);
    const config = { ...sources, rootDir: copy.folder, testMatch: ['<rootDir>/test/lake/**/*.test.ts'] };
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const { text } = run(
      copy.folder,
      process.execPath,
      '--experimental-vm-modules',
      ...[jest, '--config', JSON.stringify(config), '--maxWorkers=1'],
    );
    expect(text).toMatch(/^Tests: +2 passed, 2 total$/m);
  });

  test('does not compile without the places of the exchange: the compiler names both tables', () => {
    const faults = compile(copyWith(parts[0]!));
    expect(faults.map((line) => line.slice(0, line.indexOf('(')))).toEqual([
      'lib/exchange/binance/sources.ts',
      'lib/exchange/binance/stream-decoders.ts',
    ]);
    for (const line of faults) expect(line).toContain("Property 'liquidations' is missing");
  });
});
