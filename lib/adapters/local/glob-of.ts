/** Returns a path as a glob of DuckDB that matches only this path. */
export function globOf(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}
