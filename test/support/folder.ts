import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** Returns a new empty folder. It is removed when the test file, or the process outside of jest, is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-'));
  made.push(folder);
  return folder;
}

function removeFolders(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}

// The fuzz and chaos suites also run as processes of their own.
if (typeof afterAll === 'function') afterAll(removeFolders);
else process.once('exit', removeFolders);
