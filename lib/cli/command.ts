import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** An option of a command. */
export interface OptionRow {
  /** The option and the name of its value, such as `--lake <place>`. */
  readonly flags: string;
  readonly about: string;
  /** The allowed values, or the kind of thing that the value names. Completion of the shell offers them. */
  readonly values?: readonly string[] | 'folder' | 'path';
  /** Reads the value. If it is left out, the value stays text. */
  readonly parse?: (text: string) => unknown;
  readonly preset?: unknown;
  readonly required?: boolean;
}

/** The argument of a command. */
interface ArgumentRow {
  /** `<name>` if it must be given, `[name...]` if any number of words may be given. */
  readonly name: string;
  readonly about?: string;
  /** The allowed words. For SQL: the names of tables, which complete its last word. */
  readonly values?: readonly string[];
}

/** An example of the help: words after the name of the program, and what they do. */
export interface Example {
  readonly words: string;
  readonly about: string;
}

/**
 * Runs a command and returns the exit code. Commander's options have no types, so each command declares those of its
 * own row. `argument` is undefined if the command has none.
 */
type RunCommand = (
  options: never,
  terminal: Terminal,
  argument: never,
  program: ProgramWords,
) => Promise<number> | number;

/** Everything that can be typed after `lake`. */
export interface ProgramWords {
  readonly program: Command;
  readonly commands: readonly CommandRow[];
}

/** A command of `lake`. */
export interface CommandRow {
  readonly name: string;
  readonly about: string;
  readonly argument?: ArgumentRow;
  readonly options: readonly OptionRow[];
  /** Two or three. */
  readonly examples: readonly Example[];
  /** Loads the code of the command. It is not loaded before, so that `lake --help` does not wait for DuckDB. */
  readonly load: () => Promise<RunCommand>;
}
