import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The implementation that a column was compared with, other than its kernel. */
export type Oracle = 'TA-Lib 0.6.4' | 'pandas' | 'second implementation';

// `npm run gen` runs the tests with this set, and makes the certificate of what they note.
const FOLDER = process.env['CANDLELAKE_NOTE_ERRORS'];

const noted = new Map<string, { oracle: Oracle; error: number }>();

/**
 * Notes how far a value is from what an oracle says, relative to the larger of the expected value and `scale`, the size
 * of the numbers that it is the difference of.
 */
export function noteError(name: string, oracle: Oracle, expected: number, ours: number, scale = 0): void {
  if (FOLDER === undefined || !Number.isFinite(expected) || !Number.isFinite(ours)) return;
  const difference = Math.abs(expected - ours);
  const error = difference === 0 ? 0 : difference / Math.max(scale, Math.abs(expected));
  const known = noted.get(`${name} ${oracle}`);
  if (!known || error > known.error) noted.set(`${name} ${oracle}`, { oracle, error });
}

if (FOLDER !== undefined) {
  afterAll(() => {
    mkdirSync(FOLDER, { recursive: true });
    const file = expect.getState().testPath!.replace(/^.*[\\/]/, '');
    const rows = [...noted].map(([key, { oracle, error }]) => ({ name: key.split(' ')[0], oracle, error }));
    writeFileSync(join(FOLDER, `${file}.json`), JSON.stringify(rows));
  });
}
