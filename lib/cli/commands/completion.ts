import { BadInput } from '../../domain/errors.ts';
import type { ProgramWords } from '../command.ts';
import { bashScript } from '../completion/bash-script.ts';
import { commandTree } from '../completion/command-tree.ts';
import { fishScript } from '../completion/fish-script.ts';
import { zshScript } from '../completion/zsh-script.ts';
import type { Terminal } from '../terminal.ts';

const SCRIPTS: Readonly<Record<string, typeof bashScript>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `lake completion`: prints the script that a shell loads to complete the words of every command. */
export function completionCommand(_: unknown, terminal: Terminal, shell: string, program: ProgramWords): number {
  const script = SCRIPTS[shell];
  if (!script) throw new BadInput(`shell must be one of ${Object.keys(SCRIPTS).join(', ')}, got '${shell}'`);
  terminal.out.write(script(commandTree(program)));
  return 0;
}
