import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command, CommanderError, Option } from 'commander';
import { PACKAGE_ROOT } from '../adapters/local/installation.ts';
import { BadInput } from '../domain/errors.ts';
import type { CommandRow, Example } from './command.ts';
import { COMMANDS } from './commands.ts';
import { examplesText } from './examples.ts';
import { type GivenOptions, keepOptions } from './keep-options.ts';
import { oneLine, plainWords } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

const { version: VERSION } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const BAD_USAGE = 2;
const FAILED = 1;

/** The examples in the help of the program itself. */
export const PROGRAM_EXAMPLES: readonly Example[] = [
  { words: 'run --symbols BTCUSDT --period 30d', about: 'collect 30 days of candles with features and labels' },
  { words: 'query "SELECT * FROM dataset LIMIT 5"', about: 'look at them' },
  { words: 'run --help', about: 'the options and examples of a command' },
];

/**
 * Runs one `lake` command.
 * @returns the exit code: 0 done, 1 failed or incomplete, 2 bad usage
 */
export async function runLakeProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const { program, exitCode } = createLakeProgram(terminal);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode();
  } catch (error) {
    const isJson = asksForJson(args);
    if (!(error instanceof CommanderError)) {
      const given = program.commands.find((command) => command.name() === args[0])?.opts() ?? {};
      return printError(error as Error, isJson, terminal, given);
    }
    // Commander has printed its own line. Help and --version also end this way, with code 0.
    if (error.exitCode === 0) return 0;
    if (isJson) printAsJson({ name: 'BadInput', message: usageMessage(error.message) }, terminal);
    return BAD_USAGE;
  }
}

/** Makes the program from the table of commands. */
export function createLakeProgram(terminal: Terminal): { readonly program: Command; exitCode(): number } {
  let code = 0;
  const program = new Command('lake')
    .description('A data lake of Binance candles, features and labels.')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      // Every refusal is one line. Commander puts its suggestion on a second one.
      outputError: (text, write) => write(`lake: ${usageMessage(text)}\n`),
    })
    .version(VERSION, '--version', 'print the version')
    .exitOverride()
    .addHelpText('after', () => examplesText(PROGRAM_EXAMPLES));
  for (const row of COMMANDS) {
    addCommand(program, row, terminal, (ended) => {
      code = ended;
    });
  }
  return { program, exitCode: () => code };
}

function addCommand(program: Command, row: CommandRow, terminal: Terminal, ended: (code: number) => void): void {
  const command = program
    .command(row.name)
    .description(row.about)
    .addHelpText('after', () => examplesText(row.examples));
  if (row.argument) command.addArgument(new Argument(row.argument.name, row.argument.about));
  for (const { flags, about, parse, preset, required } of row.options) {
    const option = new Option(flags, about).makeOptionMandatory(required === true);
    if (parse) option.argParser(parse);
    if (preset !== undefined) option.default(preset);
    command.addOption(option);
  }
  command.action(async (...given: unknown[]) => {
    const [argument, options] = row.argument ? given : [undefined, ...given];
    const run = await row.load();
    ended(await run(options as never, terminal, argument as never, { program, commands: COMMANDS }));
  });
}

/**
 * Returns true if the raw arguments ask for JSON output. It reads the words itself, because errors are printed as JSON
 * even if the arguments cannot be parsed.
 */
function asksForJson(args: readonly string[]): boolean {
  return args.some(
    (word, i) => word === '--json' || word === '--format=json' || (word === 'json' && args[i - 1] === '--format'),
  );
}

function usageMessage(text: string): string {
  return oneLine(text.replace(/^error: /, ''));
}

function printError(error: Error, json: boolean, terminal: Terminal, given: GivenOptions): number {
  const { name } = error;
  const isMistake = error instanceof BadInput;
  // A mistake repeats the user's text unchanged. A server's answer may be a page, of which the words are enough.
  const message = keepOptions(isMistake ? oneLine(error.message) : plainWords(error.message), given);
  if (json) printAsJson({ name, message }, terminal);
  terminal.err.write(`lake: ${isMistake || name === 'Error' ? '' : `${name}: `}${message}\n`);
  if (terminal.variables['CANDLELAKE_DEBUG']) terminal.err.write(`${error.stack}\n`);
  return isMistake ? BAD_USAGE : FAILED;
}

function printAsJson(error: { readonly name: string; readonly message: string }, terminal: Terminal): void {
  terminal.out.write(`${JSON.stringify({ error })}\n`);
}
