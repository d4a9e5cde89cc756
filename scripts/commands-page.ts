import type { CommandRow, OptionRow } from '../lib/cli/command.ts';
import { COMMANDS } from '../lib/cli/commands.ts';

/** Makes docs/commands.md: every command of the table with its argument, options, defaults and examples. */
export function commandsPage(): string {
  return `${[
    '# Commands',
    'This page is for people who type `lake` commands: every command with its options and examples. `npm run gen`',
    'makes it from the table of commands. In a clone, write `npx lake`; after an installation, `lake`.',
    '',
    'Exit codes of every command: 0 done; 1 failed or incomplete; 2 wrong usage, a mistake in the SQL, or the lake',
    'holds nothing of what was requested; 130 stopped with Ctrl-C. `--json` prints one machine-readable result, errors',
    'included.',
    ...COMMANDS.flatMap(sectionOf),
  ].join('\n')}\n`;
}

function sectionOf({ name, about, argument, options, examples }: CommandRow): string[] {
  const rows = options.map(rowOf);
  return [
    '',
    `## lake ${[name, argument?.name.replace('...', '')].filter(Boolean).join(' ')}`,
    '',
    `${about[0]!.toUpperCase()}${about.slice(1)}.`,
    ...(rows.length > 0 ? ['', '| option | meaning | default |', '|---|---|---|', ...rows] : []),
    '',
    '```sh elsewhere',
    ...examples.flatMap(({ words, about }) => [`# ${about}`, `lake ${words}`]),
    '```',
  ];
}

/** The text of an option contains its default if a later step fills it in. */
function rowOf({ flags, about, preset, required }: OptionRow): string {
  const [, meaning, written] = /^(.*?)(?: \(default: (.*)\))?$/.exec(about)!;
  const value = required ? 'required' : (written ?? (preset === undefined ? '' : `${preset}`));
  return `| ${[`\`${flags}\``, meaning!, value].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
