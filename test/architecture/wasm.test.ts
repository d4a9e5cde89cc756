import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folder.ts';

/** Runs the check, on this repository or on a folder. */
const check = (...root: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build-wasm.ts', '--check', ...root], { encoding: 'utf8' });

/** Compiling takes seconds. */
const TIMEOUT_MS = 60_000;

describe('the WebAssembly modules', () => {
  test(
    'are rebuilt from their sources byte for byte',
    () => {
      const { status, stderr } = check();
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    TIMEOUT_MS,
  );

  test(
    'fail the check if a source has changed since',
    () => {
      const root = temporaryFolder();
      for (const folder of ['lib/features/wasm', 'lib/parquet/wasm'])
        cpSync(folder, join(root, folder), { recursive: true });
      const source = join(root, 'lib/features/wasm/assembly/exponential-averages.ts');
      writeFileSync(source, readFileSync(source, 'utf8').replace('average /= length', 'average /= length + 1'));
      const { status, stderr } = check(root);
      expect(status).toBe(1);
      expect(stderr).toContain('kernels.ts must have the bytes of its sources: npm run wasm');
    },
    TIMEOUT_MS,
  );
});
