import { join } from 'node:path';
import { commandName } from '../../lib/cli/command-name.ts';

const at = (path: string) => join('/', ...path.split('/'));

test.each([
  ['/home/me/candlelake', '/home/me/candlelake', 'npx lake', 'a clone'],
  ['/home/me/candlelake', '/home/me/candlelake/docs', 'npx lake', 'a folder of a clone'],
  [
    '/home/me/candlelake',
    '/home/me/candlelake-data',
    'lake',
    'a clone that is linked, from a folder with a similar name',
  ],
  ['/home/me/candlelake', '/home/me', 'lake', 'a clone that is linked, from the folder above'],
  ['/home/me/candlelake', '/home/me/candlelake/..data', 'npx lake', 'a folder of a clone with dots in its name'],
  ['/usr/lib/node_modules/candlelake', '/home/me', 'lake', 'a global package'],
  ['/home/me/quant/node_modules/candlelake', '/home/me/quant', 'npx lake', 'a dependency of a project'],
  ['/home/me/quant/node_modules/candlelake', '/home/me', 'lake', 'a dependency of another project'],
  ['/home/me/.npm/_npx/0a1b/node_modules/candlelake', '/home/me', 'npx candlelake', 'a package that npx fetched'],
])('package at %s, user in %s: %s (%s)', (root, cwd, expected) => {
  expect(commandName(at(root), at(cwd))).toBe(expected);
});

test('in this clone it is npx lake', () => {
  expect(commandName()).toBe('npx lake');
});
