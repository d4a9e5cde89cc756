import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder of recorded market data, which is not part of the repository. */
export const RECORDED_DATA = process.env['CANDLELAKE_TEST_DATA'] ?? resolve(ROOT, '../shared/data');

/** Path of one recorded file, such as `futures-um/klines-12col/FILUSDT/1m/FILUSDT-1m-2023-05.csv.gz`. */
export function recordedFile(path: string): string {
  return join(RECORDED_DATA, path);
}

/** `describe` where the recorded data is there; otherwise a skipped block whose name says what is missing and where. */
export const describeWithRecordedData: typeof describe | typeof describe.skip = existsSync(
  join(RECORDED_DATA, 'SOURCES.md'),
)
  ? describe
  : Object.assign(
      ((name: string, body: () => void) =>
        describe.skip(`${name} (skipped: no recorded market data at ${RECORDED_DATA})`, body)) as typeof describe.skip,
      describe.skip,
    );
