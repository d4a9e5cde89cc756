export interface Repetitions {
  readonly warmUps: number;
  readonly repetitions: number;
  /** Done before each run and not timed. */
  readonly before?: () => Promise<unknown> | unknown;
}

/** Wall times in ms of `repetitions` runs after `warmUps` that do not count. What a run gives goes to the sink. */
export async function repeat(
  run: () => Promise<unknown> | unknown,
  { warmUps, repetitions, before }: Repetitions,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = -warmUps; i < repetitions; i++) {
    await before?.();
    globalThis.gc?.();
    const startMs = performance.now();
    const value = await run();
    const ms = performance.now() - startMs;
    sink(value);
    if (i >= 0) times.push(ms);
  }
  return times;
}

/** Stops the compiler from leaving out work whose result nobody reads. */
export function sink(value: unknown): void {
  swallowed = ArrayBuffer.isView(value) ? value.byteLength : value;
}
let swallowed: unknown;

/** The last value that the sink received. */
export function sunk(): unknown {
  return swallowed;
}

/** `min, mean±sd` in ms. */
export function timesText(times: readonly number[]): string {
  if (times.length === 0) return '–';
  const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
  const variance = times.reduce((sum, t) => sum + (t - mean) ** 2, 0) / Math.max(1, times.length - 1);
  return `${ms(best(times))}, ${ms(mean)}±${ms(Math.sqrt(variance))}`;
}

/** The smallest time: the one that other work on the machine disturbed least. */
export function best(times: readonly number[]): number {
  return times.length === 0 ? Number.NaN : Math.min(...times);
}

/** A number of ms with three digits or more, or with as many decimals as given. */
export function ms(value: number, decimals?: number): string {
  if (Number.isNaN(value)) return '–';
  if (decimals !== undefined) return value.toFixed(decimals);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Returns the CPU time of a run, in ms. */
export function cpuOf(run: () => unknown): number {
  globalThis.gc?.();
  const before = process.cpuUsage();
  sink(run());
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
