import { runLakeProgram } from '../../lib/cli/lake-program.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one `lake` command in this process, as on a terminal that is none. */
export async function saidBy(args: readonly string[], variables: Record<string, string> = {}): Promise<Said> {
  const said = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    isTTY: false,
    write(text: string) {
      said[name] += text;
      return true;
    },
  });
  const code = await runLakeProgram(args, { out: stream('out'), err: stream('err'), variables } as never);
  return { code, ...said };
}
