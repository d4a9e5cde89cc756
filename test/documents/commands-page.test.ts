import { readFileSync } from 'node:fs';
import { commandsPage } from '../../scripts/commands-page.ts';

test('docs/commands.md is made from the table of commands; `npm run gen` writes it', () => {
  const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
  expect(page).toBe(commandsPage());
});
