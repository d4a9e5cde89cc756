import type { Argument, Command, Option } from 'commander';
import { EXAMPLES } from '../lib/cli/examples.ts';

/** Makes docs/commands.md from the program: every command with its arguments, options, defaults and examples. */
export function commandsPage(program: Command): string {
  return `${[
    '# Commands',
    'This page is for whoever types `lake` commands: every command with its options and examples. `npm run gen` makes it from the',
    "program's own help. In a clone, write `npx lake`; after an installation, `lake`.",
    '',
    'Exit codes of every command: 0 done; 1 failed or incomplete; 2 wrong usage, a mistake in the SQL, or nothing of what was',
    'requested is in the lake; 130 stopped with Ctrl-C. `--json` prints one machine-readable result, errors included.',
    ...program.commands.flatMap(sectionOf),
  ].join('\n')}\n`;
}

function sectionOf(command: Command): string[] {
  const words = [command.name(), ...command.registeredArguments.map(argumentText)].join(' ');
  const rows = command.options.filter(({ hidden }) => !hidden).map(rowOf);
  return [
    '',
    `## lake ${words}`,
    '',
    sentence(command.description()),
    ...(rows.length > 0 ? ['', '| option | meaning | default |', '|---|---|---|', ...rows] : []),
    '',
    '```sh elsewhere',
    ...(EXAMPLES[command.name()] ?? []).flatMap(({ words, about }) => [`# ${about}`, `lake ${words}`]),
    '```',
  ];
}

function argumentText(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

/** A default is in the option's own text if commander does not hold it. */
function rowOf({ flags, description, defaultValue, mandatory }: Option): string {
  const [, meaning, written] = /^(.*?)(?: \(default: (.*)\))?$/.exec(description)!;
  const value = mandatory ? 'required' : (written ?? (defaultValue === undefined ? '' : `${defaultValue}`));
  return `| ${[`\`${flags}\``, meaning!, value].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
