import { execSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyCommand } from '../../lib/infra/stage-function.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a file is copied by Node alone, so that every shell can run the command, also with spaces in a path', () => {
  const folder = join(temporaryFolder(), 'with a space');
  mkdirSync(folder);
  const [from, to] = [join(folder, 'a file.wasm'), join(folder, 'its copy.wasm')];
  writeFileSync(from, Buffer.from([0, 97, 115, 109]));
  const command = copyCommand(from, to);
  execSync(command);
  expect(readFileSync(to)).toEqual(readFileSync(from));
  // cmd.exe knows double quotes only, and expands words between percent signs.
  const program = command.replace(`"${from}" "${to}"`, '');
  expect(program).toMatch(/^node -e "[^"%]*" $/);
  // A POSIX shell expands these inside double quotes.
  expect(program).not.toMatch(/[$`\\]/);
});
