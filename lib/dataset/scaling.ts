import { ROLES } from './contract.ts';

const { floor, sqrt } = Math;

/** The statistics of one feature over the training rows of one fold; NaN if it has no value there. */
export interface ScalingStatistics {
  /** Rows with a value. */
  readonly count: number;
  readonly mean: number;
  /** Of the population, as scikit-learn's StandardScaler has it. */
  readonly std: number;
  readonly median: number;
  /** Third quartile less first, interpolated linearly, as scikit-learn's RobustScaler has it. */
  readonly iqr: number;
}

/** Rows by the folds that train on them: rows of one group are in the same ones. */
interface TrainingGroups {
  readonly groupOf: Uint32Array;
  /** Folds that train on each group. */
  readonly folds: readonly (readonly number[])[];
}

/**
 * Groups the rows by the folds that train on them. There are few groups, so each value is read once, not once per fold.
 */
export function trainingGroups(roles: readonly Int8Array[], rows: number): TrainingGroups {
  const groupOf = new Uint32Array(rows);
  let folds: number[][] = [[]];
  roles.forEach((role, fold) => {
    const next = new Map<number, number>();
    const nextFolds: number[][] = [];
    for (let row = 0; row < rows; row++) {
      const trained = role[row] === ROLES.train ? 1 : 0;
      const key = 2 * groupOf[row] + trained;
      let group = next.get(key);
      if (group === undefined) {
        group = next.size;
        next.set(key, group);
        const before = folds[groupOf[row]];
        nextFolds.push(trained ? [...before, fold] : before);
      }
      groupOf[row] = group;
    }
    folds = nextFolds;
  });
  return { groupOf, folds };
}

/** Key of a value in the order of values with its group in the lowest 20 bits: 52 bits, exact in a double. */
const GROUPS = 2 ** 20;
const QUARTILES = [0.25, 0.5, 0.75] as const;

/** Statistics of one feature for each fold; NaN counts as no value. Rows that no fold trains on have no say. */
export function scalingOf(values: Float32Array, groups: TrainingGroups, foldCount: number): ScalingStatistics[] {
  const moments = momentsByFold(values, groups, foldCount);
  const quartiles = quartilesByFold(
    values,
    groups,
    moments.map(({ count }) => count),
  );
  return moments.map(({ count, mean, squares }, fold) => {
    const [lower, median, upper] = quartiles[fold];
    if (count === 0) return { count, mean: NaN, std: NaN, median: NaN, iqr: NaN };
    return { count, mean, std: sqrt(squares / count), median, iqr: upper - lower };
  });
}

interface Moments {
  count: number;
  mean: number;
  squares: number;
}

/** Welford (1962) within a group, Chan, Golub and LeVeque (1979) over the groups of a fold. */
function momentsByFold(values: Float32Array, { groupOf, folds }: TrainingGroups, foldCount: number): Moments[] {
  const none = (): Moments => ({ count: 0, mean: 0, squares: 0 });
  const byGroup = folds.map(none);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    const group = byGroup[groupOf[row]];
    const off = value - group.mean;
    group.count++;
    group.mean += off / group.count;
    group.squares += off * (value - group.mean);
  }
  const byFold = Array.from({ length: foldCount }, none);
  byGroup.forEach((group, g) => {
    if (group.count === 0) return;
    for (const fold of folds[g]) {
      const all = byFold[fold];
      const apart = group.mean - all.mean;
      const count = all.count + group.count;
      all.squares += group.squares + apart * apart * ((all.count * group.count) / count);
      all.mean += apart * (group.count / count);
      all.count = count;
    }
  });
  return byFold;
}

/** Sorts once, then walks on and takes down the values at the ranks that each fold asks for. */
function quartilesByFold(values: Float32Array, groups: TrainingGroups, counts: readonly number[]): number[][] {
  const { groupOf, folds } = groups;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const keys = new Float64Array(values.length);
  let defined = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row]) || folds[groupOf[row]].length === 0) continue;
    const bit = bits[row];
    const ordered = bit >= 0x80000000 ? 0xffffffff - bit : bit + 0x80000000;
    keys[defined++] = ordered * GROUPS + groupOf[row];
  }
  const sorted = keys.subarray(0, defined).sort();
  const ranks = counts.map((count) => QUARTILES.map((q) => q * (count - 1)));
  const wanted = ranks.map((of) => [...new Set(of.flatMap((rank) => [floor(rank), floor(rank) + 1]))].sort(ascending));
  const found: Map<number, number>[] = counts.map(() => new Map());
  const seen = new Int32Array(counts.length);
  const place = new Int32Array(counts.length);
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  for (let i = 0; i < defined; i++) {
    const ordered = floor(sorted[i] / GROUPS);
    for (const fold of folds[sorted[i] - ordered * GROUPS]) {
      if (seen[fold]++ !== wanted[fold][place[fold]]) continue;
      place[fold]++;
      word[0] = ordered >= 0x80000000 ? ordered - 0x80000000 : 0xffffffff - ordered;
      found[fold].set(seen[fold] - 1, float[0]);
    }
  }
  return ranks.map((of, fold) =>
    of.map((rank) => {
      const lower = found[fold].get(floor(rank)) ?? NaN;
      const upper = found[fold].get(floor(rank) + 1) ?? lower;
      return lower + (upper - lower) * (rank - floor(rank));
    }),
  );
}

function ascending(a: number, b: number): number {
  return a - b;
}
