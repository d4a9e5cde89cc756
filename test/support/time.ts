export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Returns the epoch milliseconds of an instant such as `2024-02-10` or `2024-02-10T05:00Z`. */
export function at(text: string): number {
  return Date.parse(text);
}
