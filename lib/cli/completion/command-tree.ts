import type { Command } from 'commander';
import { SOURCE_CHOICES } from '../../app/choose-exchange.ts';
import { DATASET_LABELS } from '../../dataset/contract.ts';
import { GAP_CLASSES } from '../../domain/gap-class.ts';
import { INTERVALS } from '../../domain/interval.ts';
import { MARKETS } from '../../domain/market.ts';
import { QUERY_FORMATS } from '../../query/contract.ts';
import { PARQUET_TABLES, TRAINING_SETS, VIEWS } from '../../query/views.ts';

/** The words that a shell can complete: the commands and, below each, its options and their values. */
export interface CommandTree {
  readonly commands: readonly CommandWords[];
  readonly options: readonly OptionWords[];
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** The choices of the command's argument, if it has one with choices. */
  readonly values: readonly string[];
  /** True if the argument is SQL: the values are names of tables, and complete its last word. */
  readonly isSql: boolean;
}

export interface OptionWords {
  /** The option's name with its dashes, such as `--interval`. */
  readonly flag: string;
  readonly description: string;
  /** What may follow the option: one of these words, or something of a kind. */
  readonly value: readonly string[] | ValueKind | 'none';
}

/** `path` is a file or a folder. */
export type ValueKind = 'folder' | 'path' | 'text';

/** The values of an option are the same in every command that has it. */
const OPTION_VALUES: Readonly<Record<string, readonly string[] | ValueKind>> = {
  '--class': GAP_CLASSES,
  '--format': QUERY_FORMATS,
  '--interval': INTERVALS,
  '--label': DATASET_LABELS,
  '--lake': 'folder',
  '--market': MARKETS,
  '--out': 'path',
  '--set': TRAINING_SETS,
  '--source': SOURCE_CHOICES,
};

const TABLES = [...PARQUET_TABLES, ...VIEWS].map(({ name }) => name);

/** Reads the words out of the program, so that a command or option that is added is completed too. */
export function commandTree(program: Command): CommandTree {
  return { commands: program.commands.map(wordsOf), options: optionsOf(program) };
}

function wordsOf(command: Command): CommandWords {
  const [argument] = command.registeredArguments;
  const isSql = argument?.name() === 'sql';
  const values = isSql ? TABLES : (argument?.argChoices ?? []);
  return { name: command.name(), description: command.description(), options: optionsOf(command), values, isSql };
}

function optionsOf(command: Command): OptionWords[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, description, required, optional, argChoices }) => {
      const flag = long!;
      const value = required || optional ? (argChoices ?? OPTION_VALUES[flag] ?? 'text') : 'none';
      return { flag, description, value };
    });
}
