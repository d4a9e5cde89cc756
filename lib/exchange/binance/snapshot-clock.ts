/** The exchange's own time in exchangeInfo. It is near the beginning, and the only part that differs each time. */
const CLOCK = /("serverTime"\s*:\s*)(\d{13})/;

/** Returns the time in an answer, in epoch milliseconds. Returns NaN if the answer has none. */
export function serverTimeOf(answer: Uint8Array): number {
  return Number(CLOCK.exec(latin1(answer.subarray(0, 4_000)))?.[2] ?? Number.NaN);
}

/** Returns the bytes of the same answer at another time. An answer without a time is returned unchanged. */
export function withServerTime(answer: Uint8Array, timeMs: number): Uint8Array {
  const text = latin1(answer);
  const changed = text.replace(CLOCK, (_, before: string) => `${before}${timeMs}`);
  return changed === text ? answer : Buffer.from(changed, 'latin1');
}

/** Decodes one character per byte, so that encoding restores every byte. */
function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
