/** The parts of its process that a command uses. */
export interface Terminal {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The options of every command that reads a lake. */
export interface LakeOptions {
  readonly lake?: string;
  readonly json?: boolean;
}

/** Prints a result: one line of JSON if the call asks for it, otherwise text for people. */
export function printResult({ out }: Terminal, { json }: LakeOptions, result: unknown, text: () => string): void {
  out.write(json ? `${JSON.stringify(result)}\n` : text());
}

/** Returns the columns of the terminal, or 80 if the output is not a terminal. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? Math.max(40, stream.columns ?? 80) : 80;
}
