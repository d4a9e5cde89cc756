import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import type { Terminal } from '../../lib/cli/terminal.ts';

export interface FakeTerminal extends Terminal {
  readonly written: { out: string; err: string };
}

/** Returns a terminal that keeps what is written to it. Like a pipe it has no `isTTY`. */
export function fakeTerminal(variables: Terminal['variables'] = {}): FakeTerminal {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    ({
      write: (text: string) => {
        written[name] += text;
        return true;
      },
      // Commands use only `write` and `isTTY` of a stream.
    }) as unknown as NodeJS.WriteStream;
  return { out: stream('out'), err: stream('err'), variables, written };
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one `lake` command in this process and returns its exit code and output. */
export async function saidBy(args: readonly string[], variables: Record<string, string> = {}): Promise<Said> {
  const terminal = fakeTerminal(variables);
  const code = await runLakeProgram(args, terminal);
  return { code, ...terminal.written };
}
