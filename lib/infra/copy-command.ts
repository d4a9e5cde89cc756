/**
 * Returns a shell command that copies a file. It starts Node, because the shell is cmd.exe on Windows, which has no
 * `cp`. Both kinds of shell understand these quotes.
 */
export function copyCommand(from: string, to: string): string {
  return `node -e "require('node:fs').copyFileSync(process.argv[1], process.argv[2])" "${from}" "${to}"`;
}
