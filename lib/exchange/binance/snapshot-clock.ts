/** The exchange's own time inside exchangeInfo, the one thing that differs each time; it stands near the beginning. */
const CLOCK = /("serverTime"\s*:\s*)(\d{13})/;

/** The time that an answer tells of itself, epoch ms; NaN where it tells none. */
export function serverTimeOf(answer: Uint8Array): number {
  return Number(CLOCK.exec(latin1(answer.subarray(0, 4_000)))?.[2] ?? Number.NaN);
}

/** The same answer, to the byte, as if it had been given at another time; one that tells no time stays as it is. */
export function withServerTime(answer: Uint8Array, timeMs: number): Uint8Array {
  const text = latin1(answer);
  const changed = text.replace(CLOCK, (_, before: string) => `${before}${timeMs}`);
  return changed === text ? answer : Buffer.from(changed, 'latin1');
}

/** A character a byte, so that every byte comes back. */
function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
