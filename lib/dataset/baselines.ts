import { type DatasetLabel, ROLES } from './contract.ts';
import { labelRow } from './label-source.ts';

type Scores = Readonly<Record<string, number>>;

/**
 * Scores the predictions that a model must beat in one fold, on its test rows. They use the training rows, and the last
 * change of the close at a row itself, and nothing else.
 *
 * Classes: `majority_class` (the commonest of the training rows), `last_direction` (the direction of the last candle
 * again), `no_change`; scored by accuracy and by balanced accuracy, the mean recall of the classes in the test.
 * Returns: `training_mean`, `last_direction` (of the size that returns had in training), `no_change` (0); scored by
 * root mean square and mean absolute error.
 * @param direction of the last candle of each row: 1, −1 or 0
 */
export function scoreBaselines(
  label: DatasetLabel,
  values: Float64Array,
  direction: ArrayLike<number>,
  roles: Int8Array,
): Record<string, Scores> {
  const words = labelRow(label).pack?.directions;
  if (!words) return scoreReturns(values, direction, roles);
  const majority = commonest(values, roles);
  const says = (sign: number) => (sign > 0 ? words.up : sign < 0 ? words.down : words.flat);
  return {
    majority_class: scoreClasses(values, roles, () => majority),
    last_direction: scoreClasses(values, roles, (row) => says(direction[row])),
    no_change: scoreClasses(values, roles, () => words.flat),
  };
}

/** The most frequent class of the training rows, the lowest of several. */
function commonest(values: Float64Array, roles: Int8Array): number {
  const counts = new Map<number, number>();
  for (let row = 0; row < values.length; row++) {
    if (roles[row] === ROLES.train) counts.set(values[row], (counts.get(values[row]) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || a - b);
  return most?.[0] ?? Number.NaN;
}

/** Accuracy and balanced accuracy of a prediction over the test rows. */
function scoreClasses(values: Float64Array, roles: Int8Array, predict: (row: number) => number): Scores {
  const counts = new Map<number, { of: number; right: number }>();
  for (let row = 0; row < values.length; row++) {
    if (roles[row] !== ROLES.test) continue;
    const count = counts.get(values[row]) ?? { of: 0, right: 0 };
    count.of++;
    if (predict(row) === values[row]) count.right++;
    counts.set(values[row], count);
  }
  const classes = [...counts].sort(([a], [b]) => a - b).map(([, count]) => count);
  const of = classes.reduce((sum, count) => sum + count.of, 0);
  const right = classes.reduce((sum, count) => sum + count.right, 0);
  const recall = classes.reduce((sum, count) => sum + count.right / count.of, 0);
  return { accuracy: right / of, balanced_accuracy: recall / classes.length };
}

function scoreReturns(values: Float64Array, direction: ArrayLike<number>, roles: Int8Array): Record<string, Scores> {
  let trained = 0;
  let sum = 0;
  let size = 0;
  for (let row = 0; row < values.length; row++) {
    if (roles[row] !== ROLES.train) continue;
    trained++;
    sum += values[row];
    size += Math.abs(values[row]);
  }
  const errors = (predict: (row: number) => number): Scores => {
    let tested = 0;
    let squares = 0;
    let absolute = 0;
    for (let row = 0; row < values.length; row++) {
      if (roles[row] !== ROLES.test) continue;
      const error = values[row] - predict(row);
      tested++;
      squares += error * error;
      absolute += Math.abs(error);
    }
    return { rmse: Math.sqrt(squares / tested), mae: absolute / tested };
  };
  return {
    training_mean: errors(() => sum / trained),
    last_direction: errors((row) => (direction[row] * size) / trained),
    no_change: errors(() => 0),
  };
}
