import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folder.ts';

const FOLDERS = ['lib/features/wasm', 'lib/parquet/wasm'];

/** Compiling takes seconds. */
const TIMEOUT_MS = 120_000;

test(
  'the check of WebAssembly rebuilds every module byte for byte, and names a file that has other bytes',
  () => {
    const root = temporaryFolder();
    for (const folder of FOLDERS) cpSync(folder, join(root, folder), { recursive: true });
    const changed = join(root, 'lib/parquet/wasm/generated/encoder.wasm');
    appendFileSync(changed, '\0');
    const check = ['--import', 'tsx', 'scripts/build-wasm.ts', '--check', root];
    const { status, stderr } = spawnSync(process.execPath, check, { encoding: 'utf8' });
    // One name is all that it says, so every other file has the bytes of its sources.
    expect(stderr).toBe(`${changed} must have the bytes of its sources: npm run wasm\n`);
    expect(status).toBe(1);
  },
  TIMEOUT_MS,
);
