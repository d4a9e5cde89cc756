/** What a command has of the process it runs in. */
export interface Terminal {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Columns to print in: the terminal's own, or 80 where the output is not one. */
export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? Math.max(40, stream.columns ?? 80) : 80;
}
