import { quoted } from '../shell-word.ts';
import type { CommandTree, CommandWords, OptionWords, ValueKind } from './command-tree.ts';

/** Returns the completion script of fish. */
export function fishScript({ commands, options }: CommandTree): string {
  const lines = [
    ...options.map((option) => `-n __fish_use_subcommand ${fishOption(option)}`),
    ...commands.map(({ name, description }) => `-n __fish_use_subcommand -a ${name} -d ${quoted(description)}`),
    ...commands.flatMap(fishCommand),
  ];
  return `# Completion of lake for fish. Load it with: lake completion fish | source
# The last word of an SQL text is a table. What was typed before it stays.
function __lake_sql
  set -l sql (string replace -r '^["\\']' '' -- (commandline -ct))
  set -l before (string replace -r '[^ (,]*$' '' -- $sql)
  for table in $argv
    echo $before$table
  end
end

for name in lake candlelake
  complete -c $name -f
${lines.map((line) => `  complete -c $name ${line}`).join('\n')}
end
`;
}

function fishCommand({ name, options, values, isSql }: CommandWords): string[] {
  const inCommand = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  const words = isSql ? `(__lake_sql ${values.join(' ')})` : values.join(' ');
  return [
    ...options.map((option) => `${inCommand} ${fishOption(option)}`),
    ...(values.length > 0 ? [`${inCommand} -a ${quoted(words)}`] : []),
  ];
}

/** `-x` takes a value that is no file, `-r -F` one that is. */
const KINDS: Readonly<Record<ValueKind, string>> = {
  folder: "-x -a '(__fish_complete_directories)'",
  path: '-r -F',
  text: '-x',
};

function fishOption({ flag, description, value }: OptionWords): string {
  const option = `-l ${flag.slice(2)} -d ${quoted(description)}`;
  if (value === 'none') return option;
  return `${option} ${typeof value === 'string' ? KINDS[value] : `-x -a ${quoted(value.join(' '))}`}`;
}
