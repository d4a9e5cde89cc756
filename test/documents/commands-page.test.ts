import { readFileSync } from 'node:fs';
import { createLakeProgram } from '../../lib/cli/lake-program.ts';
import { commandsPage } from '../../scripts/commands-page.ts';
import { fakeTerminal } from '../support/terminal.ts';

test('docs/commands.md is what the program says of itself; `npm run gen` makes it', () => {
  const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
  expect(page).toBe(commandsPage(createLakeProgram(fakeTerminal()).program));
});
