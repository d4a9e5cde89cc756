import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLakeProgram, runLakeProgram } from '../../lib/cli/lake-program.ts';
import { INTERVALS } from '../../lib/domain/interval.ts';
import { MARKETS } from '../../lib/domain/market.ts';
import { PARQUET_TABLES, VIEWS } from '../../lib/query/views.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

/** Writes the script that `lake completion` prints to a file, for a shell to source. */
async function scriptFile(shell: string): Promise<string> {
  const terminal = fakeTerminal();
  expect(await runLakeProgram(['completion', shell], terminal)).toBe(0);
  const path = join(temporaryFolder(), `lake.${shell}`);
  writeFileSync(path, terminal.written.out);
  return path;
}

/** Returns what bash offers for each line of words. The last word is still being typed. */
function offeredByBash(script: string, lines: readonly (readonly string[])[]): string[][] {
  const program = `source "$1"
    while IFS= read -r -d '' count; do
      COMP_WORDS=()
      for ((i = 0; i < count; i++)); do IFS= read -r -d '' word; COMP_WORDS+=("$word"); done
      COMP_CWORD=$((count - 1))
      _lake
      printf '%s\\0' "\${COMPREPLY[@]}"
      printf '\\n'
    done`;
  const input = lines.flatMap((words) => [String(words.length), ...words]).map((word) => `${word}\0`);
  const out = execFileSync('bash', ['--norc', '-c', program, 'bash', script], {
    encoding: 'utf8',
    input: input.join(''),
  });
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\0').filter((word) => word !== ''));
}

const { program } = createLakeProgram(fakeTerminal());

describe('bash, which has really loaded the script,', () => {
  test.each([
    ['lake ru|', ['run']],
    ['lake run --inter|', ['--interval']],
    ['lake run --interval |', INTERVALS],
    ['lake run --interval = |', INTERVALS],
    ['lake run --interval = 15|', ['15m']],
    ['lake run --interval 15m --mark|', ['--market']],
    ['lake plan --market |', MARKETS],
    ['lake plan --symbols |', []],
    ['lake query --format c|', ['csv']],
    ['lake completion z|', ['zsh']],
    ['lake nothing --|', []],
  ])('%s is completed', async (line, expected) => {
    const words = line.slice(0, -1).split(' ');
    expect(offeredByBash(await scriptFile('bash'), [words])).toEqual([expected]);
  });

  test('offers folders for --lake and files too for --out, also if their names have spaces', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'my lake'));
    writeFileSync(join(folder, 'my file'), '');
    const lines = ['--lake', '--out'].map((option) => ['lake', 'query', option, join(folder, 'my')]);
    const [folders, files] = offeredByBash(await scriptFile('bash'), lines);
    expect(folders).toEqual([join(folder, 'my lake')]);
    expect(files!.sort()).toEqual([join(folder, 'my file'), join(folder, 'my lake')]);
  });

  test('completes the table that an SQL text ends in, whatever quote it begins with', async () => {
    const texts = [
      '"SELECT * FROM can',
      "'SELECT * FROM can",
      '"SELECT count(*) FROM (SELECT * FROM can',
      '"SELECT 1,can',
    ];
    const offered = offeredByBash(
      await scriptFile('bash'),
      texts.map((sql) => ['lake', 'query', sql]),
    );
    expect(offered).toEqual(texts.map((sql) => [`${sql.slice(1)}dles`]));
    const tables = [...PARQUET_TABLES, ...VIEWS].map(({ name }) => name);
    const all = offeredByBash(
      await scriptFile('bash'),
      tables.map((name) => ['lake', 'query', `"FROM ${name}`]),
    );
    expect(all.map(([first]) => first)).toEqual(tables.map((name) => `FROM ${name}`));
  });

  test('knows every command and every option of the program', async () => {
    const flags = program.commands.flatMap((command) =>
      command.options.map(({ long }) => ['lake', command.name(), long!] as const),
    );
    expect(flags.length).toBeGreaterThan(50);
    const lines = [...program.commands.map((command) => ['lake', command.name()]), ...flags];
    const offered = offeredByBash(await scriptFile('bash'), lines);
    expect(lines.filter((words, i) => !offered[i]!.includes(words.at(-1)!))).toEqual([]);
  });
});

const isHere = (shell: string) => spawnSync(shell, ['--version']).status === 0;

for (const [shell, load] of [
  [
    'zsh',
    [
      '-f',
      '-c',
      'autoload -U compinit; compinit -u -D; source "$1" && print -r -- "$_comps[lake] $_comps[candlelake]"',
      'zsh',
    ],
  ],
  [
    'fish',
    [
      '--no-config',
      '-c',
      'source $argv[1]; complete -C "lake ru" | string split -f 1 \\t; ' +
        'complete -C "candlelake plan --interval 15"| string split -f 1 \\t',
    ],
  ],
] as const) {
  const here = isHere(shell);
  (here ? test : test.skip)(`${shell} loads the script${here ? '' : ` (skipped: ${shell} is not here)`}`, async () => {
    const { stdout, stderr } = spawnSync(shell, [...load, await scriptFile(shell)], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: { zsh: '_lake _lake\n', fish: 'run\n15m\n' }[shell], stderr: '' });
  });
}

test.each(['zsh', 'fish'])('the script of %s has every command, option and table', async (shell) => {
  const terminal = fakeTerminal();
  await runLakeProgram(['completion', shell], terminal);
  const words = new Set(terminal.written.out.split(/[^\w.-]+/));
  const dashes = shell === 'fish' ? 2 : 0;
  const expected = program.commands.flatMap((command) => [
    command.name(),
    ...command.options.map(({ long }) => long!.slice(dashes)),
  ]);
  const tables = [...PARQUET_TABLES, ...VIEWS].map(({ name }) => name);
  expect([...expected, ...tables, ...INTERVALS].filter((word) => !words.has(word))).toEqual([]);
});

test('another shell is refused in one line', async () => {
  const terminal = fakeTerminal();
  expect(await runLakeProgram(['completion', 'nu'], terminal)).toBe(2);
  expect(terminal.written).toEqual({ out: '', err: "lake: shell must be one of bash, zsh, fish, got 'nu'\n" });
});
