/** Returns a text as one word of bash, zsh and fish, in single quotes. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
