import type { Example } from './command.ts';
import { commandName } from './command-name.ts';

/** Columns of help, less the indent of an example and the backslash at its end. */
const WIDTH = 76;
const INDENT = '      ';

/** Returns the examples for the end of a help text, as they can be pasted. */
export function examplesText(examples: readonly Example[]): string {
  const lines = examples.map(({ words, about }) => `  # ${about}\n  ${wrapped(`${commandName()} ${words}`)}`);
  return `\nExamples:\n${lines.join('\n')}`;
}

/** Breaks a command line before options only. A shell joins a line that ends in a backslash with the next one. */
function wrapped(line: string): string {
  return line.split(/ (?=--)/).reduce((text, part) => {
    const width = text.length - text.lastIndexOf('\n');
    return width + part.length <= WIDTH ? `${text} ${part}` : `${text} \\\n${INDENT}${part}`;
  });
}
