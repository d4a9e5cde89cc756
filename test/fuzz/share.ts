/** Inputs of a slow reader for each 100 inputs of the others. */
const SHARES: Readonly<Record<string, number>> = { request: 30, cli: 20, sql: 20, lake: 5 };

/** Inputs that a reader gets of a count; at least one. */
export function shareOf(target: string, count: number): number {
  return Math.max(1, Math.round((count * (SHARES[target] ?? 100)) / 100));
}
