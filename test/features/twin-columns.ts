import { CANDLE_COLUMNS } from '../../lib/domain/candles.ts';
import type { Interval } from '../../lib/domain/interval.ts';
import { bindTwin, type TwinArrays } from '../../lib/features/bind-twin.ts';
import { wasmMemory } from '../../lib/features/column-memory.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import type { Kernel } from '../../lib/features/kernel.ts';
import { seededRandom } from '../support/random.ts';

const { max, min } = Math;

/** Kinds of random columns. */
export const KINDS = ['walk', 'ties', 'flat', 'gaps', 'tiny', 'huge', 'signs', 'wild'] as const;
export type Kind = (typeof KINDS)[number];

/** The values that a column may hold. */
interface Bounds {
  /** Candle columns are defined in every row. */
  readonly gaps: boolean;
  readonly zeroSigns: boolean;
}

/** Twins that take −0 and 0 as one number. They read prices and oscillators, which are never −0. */
const WITHOUT_ZERO_SIGNS: readonly string[] = ['extremes', 'donchian', 'squaredDrawdown', 'fisher'];

/**
 * Twins of which the first input is the highest of some rows and the second the lowest; the first parameter is how many
 * rows. A twin may join other of these windows than the kernel.
 */
const OF_SHORTER_WINDOWS: readonly string[] = ['extremes', 'donchian'];

/** Returns the kernel of a row, if it has a twin at this interval. */
export function kernelWithTwin(row: FeatureRow, interval: Interval): Kernel | undefined {
  const kernel = row.kernel(row.parameters as never, { interval });
  return kernel.twin && kernel;
}

/** One call of a kernel: rows `[begin, end)` of columns of `length` rows. */
export interface Calls {
  readonly length: number;
  /** Rows at which the call before ends and the next begins; the first of them is where the series begins. */
  readonly edges: readonly number[];
  readonly kind: Kind;
  readonly seed: number;
  /** Fills the state before the first row with anything, as a damaged checkpoint may. */
  readonly damage?: boolean;
}

/**
 * The arrays after all calls, by name: those that the twin may write, and the bits of those that it must leave alone.
 */
export interface Outcome {
  readonly written: Readonly<Record<string, Float64Array>>;
  readonly others: Readonly<Record<string, BigUint64Array>>;
}

/** Returns the arrays in which two outcomes differ, each with its first place. NaN is NaN whatever its bits. */
export function outcomeOffences(a: Outcome, b: Outcome): string[] {
  const [all, others] = [a, b].map(({ written, others }) => ({ ...written, ...others }));
  return Object.keys(all!).flatMap((name) => {
    const [x, y] = [all![name]!, others![name]!];
    const place = x.findIndex((value: number | bigint, i: number) => !Object.is(value, y[i]));
    return place < 0 ? [] : [`${name} at ${place}: ${x[place]}, not ${y[place]}`];
  });
}

/** Runs a row's kernel in TypeScript, or its twin, over random columns. Before the series all inputs are NaN. */
export function outcomeOf(row: FeatureRow, kernel: Kernel, calls: Calls, runTwin: boolean): Outcome {
  const random = seededRandom(calls.seed).next;
  const { constants = new Float64Array(), scratch = 0, name } = kernel.twin!;
  const lengths = [scratch, kernel.stateLength ?? 0, constants.length];
  for (const _ of [...row.inputs, ...outputsOf(row)]) lengths.push(calls.length);
  const memory = wasmMemory()!;
  // A guard before and after each array.
  const laid = memory.lay([GUARD, ...lengths.flatMap((length) => [length, GUARD])])!;
  const guards = laid.filter((_, k) => k % 2 === 0);
  const [scratchArray, state, constantsArray, ...columns] = laid.filter((_, k) => k % 2 === 1);
  for (const array of laid) for (let i = 0; i < array.length; i++) array[i] = anyDouble(random);
  constantsArray!.set(constants);
  if (!calls.damage) state!.fill(0);
  const inputs = columns.slice(0, row.inputs.length);
  const outputs = columns.slice(row.inputs.length);
  for (const [k, input] of inputs.entries()) {
    const candle = (CANDLE_COLUMNS as readonly string[]).includes(row.inputs[k]!);
    fillColumn(input, calls, { gaps: !candle, zeroSigns: !WITHOUT_ZERO_SIGNS.includes(name) }, random);
    if (OF_SHORTER_WINDOWS.includes(name)) toExtremes(input, kernel.twin!.parameters![0]!, k === 0 ? max : min);
  }
  const arrays = { state: state!, constants: constantsArray!, scratch: scratchArray!, inputs, outputs };
  const run = runTwin ? bindTwin(kernel, memory.twins!, arrays) : inTypeScript(kernel, arrays);
  const [first = 0] = calls.edges;
  for (const [k, begin] of calls.edges.entries()) {
    const end = calls.edges[k + 1];
    if (end !== undefined) run(begin, end, begin - first);
  }
  const bits = (array: Float64Array) => new BigUint64Array(array.slice().buffer);
  const named = (what: string, list: readonly Float64Array[]) =>
    list.map((array, k) => [`${what} ${k}`, array] as const);
  return {
    written: Object.fromEntries([['state', state!], ...named('output', outputs)]),
    others: Object.fromEntries(
      [...named('guard', guards), ...named('input', inputs), ['constants', constantsArray!] as const].map(
        ([what, array]) => [what, bits(array)],
      ),
    ),
  };
}

const GUARD = 64;

function inTypeScript(kernel: Kernel, { state, inputs, outputs }: TwinArrays) {
  return (begin: number, end: number, index: number) => kernel.run(state, inputs, outputs, begin, end, index);
}

/** Any finite bits and NaN, infinities and numbers that could be taken for an address. */
function anyDouble(random: () => number): number {
  const kind = Math.floor(random() * 8);
  if (kind === 0) return Number.NaN;
  if (kind === 1) return random() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (kind === 2) return Math.floor((random() - 0.5) * 2 ** 34);
  return (random() - 0.5) * 10 ** Math.floor((random() - 0.5) * 600);
}

function fillColumn(column: Float64Array, { edges, kind }: Calls, { gaps, zeroSigns }: Bounds, random: () => number) {
  const [first = 0] = edges;
  const level = { tiny: 1e-300, huge: 1e300 }[kind as string] ?? 100;
  let value = level;
  for (let i = 0; i < column.length; i++) {
    value *= 1 + (random() - 0.5) * 0.02;
    if (kind === 'wild') column[i] = (random() - 0.5) * 10 ** Math.floor((random() - 0.5) * 40);
    else if (kind === 'flat') column[i] = level;
    else if (kind === 'ties') column[i] = Math.round(value);
    else if (kind === 'signs') column[i] = random() < 0.2 ? (zeroSigns && random() < 0.5 ? -0 : 0) : value - level;
    else column[i] = value;
    if (kind === 'gaps' && gaps && random() < (i % 500 < 100 ? 0.3 : 0.01)) column[i] = Number.NaN;
  }
  column.fill(Number.NaN, 0, first);
}

/** Replaces each value by the highest or the lowest of the last `length` values. */
function toExtremes(column: Float64Array, length: number, furthest: typeof max): void {
  for (let i = column.length - 1; i >= 0; i--) {
    column[i] = i < length - 1 ? Number.NaN : furthest(...column.subarray(i - length + 1, i + 1));
  }
}
