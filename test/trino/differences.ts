/** Sums are taken in another order by another engine: this much of the larger value may differ. */
const TOLERANCE = 1e-9;

/** Describes the differences of two results of the same query in a few lines. Empty if the results are equal. */
export function differences(
  left: readonly (readonly unknown[])[],
  right: readonly (readonly unknown[])[],
  columns: readonly string[],
  ordered: boolean,
): string[] {
  if (left.length !== right.length) return [`${left.length} rows against ${right.length}`];
  const a = ordered ? left : sorted(left);
  const b = ordered ? right : sorted(right);
  const found: string[] = [];
  a.forEach((row, i) => {
    row.forEach((value, j) => {
      const other = b[i]?.[j];
      if (found.length < 5 && !same(value, other)) {
        found.push(`row ${i} ${columns[j]}: ${JSON.stringify(value)} against ${JSON.stringify(other)}`);
      }
    });
  });
  return found;
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  }
  return a === b;
}

/** By what is not a fraction: keys, times and counts, which both engines write alike. */
function sorted(rows: readonly (readonly unknown[])[]): (readonly unknown[])[] {
  const key = (row: readonly unknown[]) =>
    JSON.stringify(row.filter((value) => typeof value !== 'number' || Number.isInteger(value)));
  return rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
}
