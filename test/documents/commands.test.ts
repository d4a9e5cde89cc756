import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { readConfig } from '../../lib/infra/config.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';
import { documents, type Fence, fencesOf } from './fences.ts';

/**
 * Every command that a document shows is in a fence whose info string says how the command is checked:
 *
 * - `sh`: it is run as it stands, document by document, in a fresh clone that cannot reach the exchange;
 * - `sh aws`: it needs an account. Its `lake` and `cdk` words are checked against the programs' own options;
 * - `sh long`: it takes minutes, and CI or a person runs it. Its script must exist;
 * - `sh elsewhere`: it needs a tool or a place that a clone has not. Its `lake` words are checked.
 *
 * Every other fence is another language, or `text`: what a command printed. Output may show a command, but not begin
 * with one.
 */
const CHECKS = ['sh', 'sh aws', 'sh long', 'sh elsewhere'];
const COMMAND = /^(\$ )?(npm|npx|lake|candlelake|cdk|aws|scripts\/\S+)\s/;
const root = fileURLToPath(new URL('../../', import.meta.url));
const fences = documents().flatMap(fencesOf);
const commandsIn = ({ text }: Fence) =>
  text
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => COMMAND.test(line));

test.each(fences)('$document:$line: the fence "$info" says what it holds', (fence) => {
  expect(fence.info).not.toBe('');
  if (fence.info.startsWith('sh')) expect(CHECKS).toContain(fence.info);
  else if (fence.info === 'text') expect(fence.text).not.toMatch(COMMAND);
  else expect(commandsIn(fence)).toEqual([]);
});

const runnable = documents().filter((document) => fencesOf(document).some(({ info }) => info === 'sh'));

test.each(runnable)('%s: its commands run as they stand in a fresh clone without a connection', (document) => {
  const clone = freshClone();
  for (const { info, line, text } of fencesOf(document)) {
    if (info !== 'sh') continue;
    const { status, output } = runIn(clone, text);
    expect({ at: `${document}:${line}`, status, output: status === 0 ? '' : output }).toEqual({
      at: `${document}:${line}`,
      status: 0,
      output: '',
    });
  }
});

const named = fences.filter(({ info }) => info === 'sh long');

test.each(named)('$document:$line: the scripts that it names are there', (fence) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const known = new Set([...Object.keys(scripts), 'ci', 'start', 'test']);
  const lines = fence.text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const script = /^npm (?:run (?:--silent )?)?(\S+)/.exec(line)?.[1];
    const file = /^(scripts\/\S+)/.exec(line)?.[1];
    expect({ line, isThere: script ? known.has(script) : file !== undefined && existsSync(join(root, file)) }).toEqual({
      line,
      isThere: true,
    });
  }
});

const elsewhere = fences.filter(({ info }) => info === 'sh aws' || info === 'sh elsewhere');

test.each(elsewhere)('$document:$line: its lake and cdk words are ones that the programs take', async (fence) => {
  const commands = commandsIn(fence);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const [program, ...words] = wordsOf(command.replace(/^npx (-y )?/, ''));
    if (program === 'lake' || program === 'candlelake') await expectLakeWords(words);
    if (program === 'cdk') expect(() => readConfig((key) => contextOf(words)[key])).not.toThrow();
  }
});

/** Splits a shell line into its words, quotes taken off. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"(?:\\.|[^"\\])*"|'[^']*')+/g) ?? [];
  // Only the outer quotes go: '{"a":1}' is the word {"a":1}.
  return words.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      double === undefined ? single! : double.replace(/\\(["\\])/g, '$1'),
    ),
  );
}

async function expectLakeWords(words: readonly string[]): Promise<void> {
  const [command] = words;
  const help = fakeTerminal();
  expect(await runLakeProgram([command!, '--help'], help)).toBe(0);
  for (const word of words.filter((each) => each.startsWith('--'))) {
    expect(help.written.out).toContain(word.split('=')[0]);
  }
}

/** The `--context name=value` words of a cdk command. */
function contextOf(words: readonly string[]): Readonly<Record<string, string | undefined>> {
  const given = words.flatMap((word, at) => (words[at - 1] === '--context' ? [word] : []));
  return Object.fromEntries(given.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
}

/** Copies what git tracks or would track, and puts in place what `npm ci` makes: the packages and the bundle. */
function freshClone(): string {
  const clone = temporaryFolder();
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root });
  for (const file of files.toString().split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(root, file), join(clone, file));
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  cpSync(join(root, 'dist'), join(clone, 'dist'), { recursive: true });
  return clone;
}

/** Runs the lines of a fence in one shell that stops at the first failure. */
function runIn(clone: string, script: string): { status: number | null; output: string } {
  const installed = script.replace(/^npm ci$/m, ':');
  const { CANDLELAKE_NOW: _, NODE_OPTIONS: __, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', installed], {
    cwd: clone,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...environment, NODE_OPTIONS: `--import=${join(root, 'test/documents/offline.mjs')}` },
  });
  return { status, output: `${stdout}\n${stderr}`.slice(-4000) };
}
