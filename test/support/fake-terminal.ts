import type { Terminal } from '../../lib/cli/terminal.ts';

export interface FakeTerminal extends Terminal {
  readonly written: { out: string; err: string };
}

/** A terminal that is none (`isTTY` is not set, as in a pipe) and remembers what was written to it. */
export function fakeTerminal(variables: Terminal['variables'] = {}): FakeTerminal {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    ({
      write: (text: string) => {
        written[name] += text;
        return true;
      },
      // Commands write and ask whether they write to a terminal; nothing else of a stream is used.
    }) as unknown as NodeJS.WriteStream;
  return { out: stream('out'), err: stream('err'), variables, written };
}
