/** True if tables are printed as Markdown, in the form that docs/performance.md has. */
let asMarkdown = false;

/** From now on tables are printed as Markdown. */
export function printMarkdown(): void {
  asMarkdown = true;
}

/** Prints a heading. */
export function printHeading(text: string): void {
  console.log(asMarkdown ? `### ${text}\n` : `\n${text}\n`);
}

/** Prints a table: the first column to the left, the others to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = asMarkdown ? markdownRow : plainRow(header, rows);
  console.log(line(header));
  console.log(line(header.map((_, i) => (asMarkdown ? (i === 0 ? '---' : '---:') : '-'.repeat(200)))));
  for (const row of rows) console.log(line(header.map((_, i) => row[i] ?? '')));
  console.log();
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Returns a function that pads and cuts cells to the width of their column. */
function plainRow(header: readonly string[], rows: readonly (readonly string[])[]) {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  return (cells: readonly string[]) =>
    widths
      .map((width, i) =>
        i === 0 ? cells[i]!.slice(0, width).padEnd(width) : cells[i]!.slice(0, width).padStart(width),
      )
      .join('  ')
      .trimEnd();
}
