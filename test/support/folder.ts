import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';

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

export interface TemporaryLake {
  readonly store: ObjectStore;
  putJson(key: string, value: unknown): Promise<unknown>;
  getJson<T>(key: string): Promise<T>;
}

/** Returns an empty lake in a temporary folder. Its objects are read and written as JSON. */
export function temporaryLake(): TemporaryLake {
  const store = folderObjectStore(temporaryFolder());
  return {
    store,
    putJson: (key, value) => store.put(key, new TextEncoder().encode(JSON.stringify(value))),
    getJson: async <T>(key: string) => JSON.parse(new TextDecoder().decode((await store.get(key))!)) as T,
  };
}
