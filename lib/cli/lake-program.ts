import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { PACKAGE_ROOT } from '../adapters/local/installation.ts';
import { BadInput } from '../domain/errors.ts';
import { addAuditCommand } from './audit-options.ts';
import { addCompletionCommand } from './completion-options.ts';
import { addDatasetCommand } from './dataset-options.ts';
import { addExamples } from './examples.ts';
import { addFeaturesCommand } from './features-options.ts';
import { addGapsCommand } from './gaps-options.ts';
import { addLabelsCommand } from './labels-options.ts';
import { type GivenOptions, keepOptions } from './lake-command.ts';
import { addLakeOptions, type LakeOptions } from './lake-options.ts';
import { oneLine, plainWords } from './lines.ts';
import { addLsCommand } from './ls-options.ts';
import type { QueryOptions } from './query-command.ts';
import type { RunOptions } from './run-command.ts';
import type { Terminal } from './terminal.ts';
import { addVersionCommands } from './version-options.ts';

const { version: VERSION } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const BAD_USAGE = 2;
const FAILED = 1;

/** Adds a command, or some that belong together, to the program; `ended` receives the exit code. */
type AddCommand = (program: Command, terminal: Terminal, ended: (code: number) => void) => void;

const ADD_COMMANDS: readonly AddCommand[] = [
  addFeaturesCommand,
  addLsCommand,
  addLabelsCommand,
  addGapsCommand,
  addDatasetCommand,
  addAuditCommand,
  addVersionCommands,
  addCompletionCommand,
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
      return sayError(error as Error, isJson, terminal, given);
    }
    // Commander has printed its own line; help and --version end this way too, with code 0.
    if (error.exitCode === 0) return 0;
    if (isJson) sayAsJson({ name: 'BadInput', message: usageMessage(error.message) }, terminal);
    return BAD_USAGE;
  }
}

/**
 * Makes the program with all its commands. The code of a command is loaded when the command is run, so that `lake
 * --help` need not wait for DuckDB.
 */
export function createLakeProgram(terminal: Terminal): { readonly program: Command; exitCode(): number } {
  let code = 0;
  const program = new Command('lake')
    .description('A data lake of Binance candles, features and labels.')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      // One line, in the manner of every other refusal; commander puts its guess at what was meant on a second one.
      outputError: (text, write) => write(`lake: ${usageMessage(text)}\n`),
    })
    .version(VERSION, '--version', 'print the version')
    .exitOverride();

  addLakeOptions(program.command('run').description('fetch, refine and catalogue what is missing'))
    .option('--concurrency <n>', 'at most this many chunks or series at once', positiveInteger)
    .option('--show', 'print the newest rows afterwards')
    .action(async (options: RunOptions) => {
      const { runCommand } = await import('./run-command.ts');
      code = await runCommand(options, terminal);
    });
  addLakeOptions(program.command('plan').description('what a run would fetch, compute and cost')).action(
    async (options: LakeOptions) => {
      const { planCommand } = await import('./plan-command.ts');
      code = await planCommand(options, terminal);
    },
  );
  program
    .command('query <sql>')
    .description(
      'SQL over candles features labels gaps mark_candles funding open_interest instruments runs dataset ml_xgboost ml_mlp ml_lstm',
    )
    .option('--format <name>', 'table json csv (default: table)')
    .option('--json', 'the same as --format json')
    .option('--out <file>', 'write the result to a file: .parquet .csv .json .arrow')
    .option('--force', 'replace the file of --out')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--as-of <time>', 'the lake as it stood then, ISO 8601 UTC; asked with DuckDB')
    .option('--reuse <minutes>', 'on S3: an earlier answer this old will do; 0: never', minutes, 10)
    .action(async (sql: string, options: QueryOptions) => {
      const { queryCommand } = await import('./query-command.ts');
      code = await queryCommand(sql, options, terminal);
    });
  for (const add of ADD_COMMANDS) {
    add(program, terminal, (ended) => {
      code = ended;
    });
  }
  addExamples(program);
  return { program, exitCode: () => code };
}

/** Whoever reads JSON is told of a mistake in it too, also where the words were never understood. */
function asksForJson(args: readonly string[]): boolean {
  return args.some(
    (word, i) => word === '--json' || word === '--format=json' || (word === 'json' && args[i - 1] === '--format'),
  );
}

function usageMessage(text: string): string {
  return oneLine(text.replace(/^error: /, ''));
}

function sayError(error: Error, json: boolean, terminal: Terminal, given: GivenOptions): number {
  const { name } = error;
  const isMistake = error instanceof BadInput;
  // Of what a server said its words are enough; what a user typed is repeated as it was.
  const message = keepOptions(isMistake ? oneLine(error.message) : plainWords(error.message), given);
  if (json) sayAsJson({ name, message }, terminal);
  terminal.err.write(`lake: ${isMistake || name === 'Error' ? '' : `${name}: `}${message}\n`);
  if (terminal.variables['CANDLELAKE_DEBUG']) terminal.err.write(`${error.stack}\n`);
  return isMistake ? BAD_USAGE : FAILED;
}

function sayAsJson(error: { readonly name: string; readonly message: string }, terminal: Terminal): void {
  terminal.out.write(`${JSON.stringify({ error })}\n`);
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
  }
  return value;
}

/** Athena keeps results for reuse up to a week. */
function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 10_080) {
    throw new InvalidArgumentError('It must be a whole number from 0 to 10080.');
  }
  return value;
}
