import { Argument, type Command } from 'commander';
import { BadInput } from '../domain/errors.ts';
import { SHELLS, type Shell } from './completion/shell.ts';
import type { Terminal } from './terminal.ts';

/** Adds `lake completion` to the program; `ended` receives the exit code. */
export function addCompletionCommand(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', SHELLS.join(' ')).choices(SHELLS).argParser(parseShell))
    .description('the script that lets a shell complete commands, options and values')
    .action(async (shell: Shell) => {
      const { completionCommand } = await import('./completion-command.ts');
      ended(completionCommand(shell, program, terminal));
    });
}

/** @throws BadInput */
function parseShell(text: string): Shell {
  const shell = SHELLS.find((name) => name === text);
  if (!shell) throw new BadInput(`shell must be one of ${SHELLS.join(', ')}, got '${text}'`);
  return shell;
}
