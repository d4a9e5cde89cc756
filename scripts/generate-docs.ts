import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFINITION_PATH } from '../lib/app/workflow-definition.ts';
import { certificatePage, type Finding } from '../lib/features/certificate.ts';
import { synthesiseDefinition } from '../lib/infra/synthesise-definition.ts';
import { commandsPage } from './commands-page.ts';
import { labelsDrawing } from './labels-drawing.ts';
import { labelsPage } from './labels-page.ts';
import { licencesPage, productionPackages } from './licences-page.ts';

/**
 * `npm run gen`: runs the tests of the features, gathers how far each column was from what it was compared with, and
 * writes docs/generated/oracles.json and docs/features.md. It also writes docs/licences.md from the lock file,
 * docs/labels.md and docs/labels.svg from the label table, and the definition of the state machine, which local runs
 * read, from the CDK app.
 */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const NOTES = join(ROOT, '.cache', 'feature-errors');

interface Note {
  readonly name: string;
  readonly oracle: string;
  readonly error: number;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
writeFileSync(join(ROOT, 'docs/licences.md'), licencesPage(productionPackages(packages)));
writeFileSync(join(ROOT, 'docs/commands.md'), commandsPage());
writeFileSync(join(ROOT, 'docs/labels.md'), labelsPage());
writeFileSync(join(ROOT, 'docs/labels.svg'), labelsDrawing());

mkdirSync(dirname(join(ROOT, DEFINITION_PATH)), { recursive: true });
writeFileSync(join(ROOT, DEFINITION_PATH), `${JSON.stringify(synthesiseDefinition(), null, 2)}\n`);

rmSync(NOTES, { recursive: true, force: true });
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const ran = spawnSync(process.execPath, [...jest, 'test/features', '--testPathIgnorePatterns', 'certificate'], {
  cwd: ROOT,
  env: { ...process.env, CANDLELAKE_NOTE_ERRORS: NOTES },
  stdio: 'inherit',
});
if (ran.status !== 0) process.exit(ran.status ?? 1);

const notes = readdirSync(NOTES).flatMap((file) => JSON.parse(readFileSync(join(NOTES, file), 'utf8')) as Note[]);
const findings: Record<string, Finding> = {};
for (const name of [...new Set(notes.map((note) => note.name))].sort()) {
  const own = notes.filter((note) => note.name === name);
  const oracle = [...new Set(own.map((note) => note.oracle))].sort().join(', ');
  findings[name] = { oracle, largestError: magnitude(Math.max(...own.map((note) => note.error))) };
}
mkdirSync(join(ROOT, 'docs/generated'), { recursive: true });
writeFileSync(join(ROOT, 'docs/generated/oracles.json'), `${JSON.stringify(findings, null, 2)}\n`);
writeFileSync(join(ROOT, 'docs/features.md'), certificatePage('15m', findings));

/** Rounded up to a power of ten, so that the last bits of another machine's `Math.log` do not make the page stale. */
function magnitude(error: number): string {
  return error === 0 ? '0' : `1e${Math.max(-15, Math.ceil(Math.log10(error)))}`;
}
