import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';

export interface TemporaryLake {
  readonly store: ObjectStore;
  putJson(key: string, value: unknown): Promise<unknown>;
  getJson<T>(key: string): Promise<T>;
  remove(): void;
}

/** A lake in a folder of its own, with JSON in and out. */
export function temporaryLake(): TemporaryLake {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-workflow-'));
  const store = folderObjectStore(folder);
  return {
    store,
    putJson: (key, value) => store.put(key, new TextEncoder().encode(JSON.stringify(value))),
    getJson: async <T>(key: string) => JSON.parse(new TextDecoder().decode((await store.get(key))!)) as T,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
