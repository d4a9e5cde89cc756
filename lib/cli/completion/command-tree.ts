import type { Command } from 'commander';
import type { CommandRow, OptionRow, ProgramWords } from '../command.ts';

/** The words that a shell can complete: the commands and, below each, its options and their values. */
export interface CommandTree {
  readonly commands: readonly CommandWords[];
  readonly options: readonly OptionWords[];
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** The allowed words of the command's argument. Empty if any text is allowed. */
  readonly values: readonly string[];
  /** True if the argument is SQL: the values are names of tables, and complete its last word. */
  readonly isSql: boolean;
}

export interface OptionWords {
  /** The option's name with its dashes, such as `--interval`. */
  readonly flag: string;
  readonly description: string;
  /** The values of the option, or their kind. `none` if the option takes no value. */
  readonly value: readonly string[] | ValueKind | 'none';
}

/** `path` is a file or a folder. */
export type ValueKind = 'folder' | 'path' | 'text';

/** Reads the words of the program, `--help` and `--version` included, and the values in the table of commands. */
export function commandTree({ program, commands }: ProgramWords): CommandTree {
  return {
    commands: commands.map((row) => wordsOf(row, program.commands.find((command) => command.name() === row.name)!)),
    options: optionsOf(program, []),
  };
}

function wordsOf({ name, about, argument, options }: CommandRow, command: Command): CommandWords {
  return {
    name,
    description: about,
    options: optionsOf(command, options),
    values: argument?.values ?? [],
    isSql: argument?.name === '<sql>',
  };
}

function optionsOf(command: Command, rows: readonly OptionRow[]): OptionWords[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, flags, description, required, optional }) => {
      const value = required || optional ? (rows.find((row) => row.flags === flags)?.values ?? 'text') : 'none';
      return { flag: long!, description, value };
    });
}
