import { textWidth } from '../query/text-width.ts';

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
