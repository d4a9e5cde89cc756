import type { Command } from 'commander';
import { bashScript } from './completion/bash-script.ts';
import { commandTree } from './completion/command-tree.ts';
import { fishScript } from './completion/fish-script.ts';
import type { Shell } from './completion/shell.ts';
import { zshScript } from './completion/zsh-script.ts';
import type { Terminal } from './terminal.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `lake completion`: prints the script that a shell loads to complete the words of every command. */
export function completionCommand(shell: Shell, program: Command, terminal: Terminal): number {
  terminal.out.write(SCRIPTS[shell](commandTree(program)));
  return 0;
}
