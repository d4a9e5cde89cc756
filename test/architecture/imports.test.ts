import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Breaches of the rules of .dependency-cruiser.cjs, as `rule: from → to`. */
function breaches(folder: string, roots: readonly string[]): string[] {
  const cruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const run = spawnSync('node', [cruise, '--config', config, '--output-type', 'json', ...roots], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { summary } = JSON.parse(run.stdout) as {
    summary: { violations: { from: string; to: string; rule: { name: string } }[]; totalCruised: number };
  };
  expect(summary.totalCruised).toBeGreaterThan(roots.length);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

describe('imports', () => {
  test('go the way the architecture says, without cycles', () => {
    expect(breaches(ROOT, ['lib', 'bin', 'lambdas'])).toEqual([]);
  });

  test('that go another way are found', () => {
    const folder = mkdtempSync(join(tmpdir(), 'candlelake-imports-'));
    try {
      const files: Record<string, string> = {
        'tsconfig.json': '{"compilerOptions":{"module":"NodeNext","allowImportingTsExtensions":true,"noEmit":true}}',
        'package.json': '{"type":"module"}',
        'lib/domain/a.ts': "import { f } from '../lake/plan/plan.ts';\nexport const a = f;\n",
        'lib/lake/plan/contract.ts': 'export interface P { x: number }\nexport const value = 1;\n',
        'lib/lake/plan/plan.ts': 'export const f = 1;\n',
        'lib/lake/refine/types.ts': "import type { P } from '../plan/contract.ts';\nexport type Q = P;\n",
        'lib/lake/refine/value.ts': "import { value } from '../plan/contract.ts';\nexport const v = value;\n",
        'lib/lake/refine/code.ts': "import { f } from '../plan/plan.ts';\nexport const g = f;\n",
        'lib/lake/refine/file.ts': "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;\n",
        'lib/lake/fetch/one.ts': "import { two } from './two.ts';\nexport const one = () => two;\n",
        'lib/lake/fetch/two.ts': "import { one } from './one.ts';\nexport const two = () => one;\n",
        'lambdas/fetch.ts': "import { g } from '../lib/lake/refine/code.ts';\nexport const handler = g;\n",
      };
      for (const [path, source] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), source);
      }
      expect(breaches(folder, ['lib', 'lambdas']).sort()).toEqual([
        'domain-imports-only-rooms-below: lib/domain/a.ts → lib/lake/plan/plan.ts',
        'lambda-fetch-imports-its-own-stage: lambdas/fetch.ts → lib/lake/refine/code.ts',
        expect.stringContaining('no-cycles: lib/lake/fetch/'),
        'only-the-edges-read-files: lib/lake/refine/file.ts → fs',
        'refine-imports-no-other-stage: lib/lake/refine/code.ts → lib/lake/plan/plan.ts',
        'refine-imports-types-only-of-other-contracts: lib/lake/refine/value.ts → lib/lake/plan/contract.ts',
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
