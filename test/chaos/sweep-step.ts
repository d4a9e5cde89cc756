/** `npm run sweep` tries every put; the suite, of the costly ones, each of so many. */
export const SWEEP_STEP = process.env['CANDLELAKE_SWEEP'] === 'every' ? 1 : 4;

/** Says how many were tried if every step was tried. */
export function saySwept(what: string, count: number): void {
  if (SWEEP_STEP === 1) process.stdout.write(`${what}: ${count}\n`);
}
