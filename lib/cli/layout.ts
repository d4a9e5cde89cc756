import { textWidth } from '../query/text-width.ts';

/** Breaks a line at spaces and indents the lines after the first. A word that is longer than the line stays whole. */
export function wrap(line: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const firstWord = rest.search(/\S/);
    let at = rest.lastIndexOf(' ', width);
    if (at < firstWord) at = rest.indexOf(' ', firstWord);
    if (at < 0) break;
    lines.push(rest.slice(0, at));
    rest = ' '.repeat(indent) + rest.slice(at + 1);
  }
  return [...lines, rest];
}

/**
 * Pads the cells of a table so that its columns are aligned, two spaces apart. The columns in `toTheRight` end
 * together.
 */
export function alignedLines(rows: readonly (readonly string[])[], toTheRight: readonly number[] = []): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => textWidth(row[i]!))));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const padding = ' '.repeat(widths[i]! - textWidth(cell));
        return toTheRight.includes(i) ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}
