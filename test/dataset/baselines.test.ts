import { scoreBaselines } from '../../lib/dataset/baselines.ts';

const roles = Int8Array.from([1, 1, 1, -1, -1, 0, 2, 2, 2, 2]);
const direction = Int8Array.from([0, 0, 0, 0, 0, 0, 1, -1, 0, -1]);

test('classes: the commonest of the training rows, the last direction, no change', () => {
  // Row 3 to 5 are not trained on: 0 would be as common as 1.
  const signal = Float64Array.from([1, 1, 0, 0, 0, 0, 1, 0, 2, 1]);
  expect(scoreBaselines('signal', signal, direction, roles)).toEqual({
    majority_class: { accuracy: 2 / 4, balanced_accuracy: 1 / 3 },
    last_direction: { accuracy: 3 / 4, balanced_accuracy: (1 / 2 + 1 + 1) / 3 },
    no_change: { accuracy: 1 / 4, balanced_accuracy: 1 / 3 },
  });
  const barrier = Float64Array.from([-1, -1, 1, 1, 1, 1, 1, -1, 0, 1]);
  expect(scoreBaselines('tb_2_20', barrier, direction, roles)).toMatchObject({
    majority_class: { accuracy: 1 / 4 },
    last_direction: { accuracy: 3 / 4 },
    no_change: { accuracy: 1 / 4 },
  });
});

test('of equally common classes the lowest', () => {
  const trend = Float64Array.from([1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
  const even = Int8Array.from([1, 1, 1, 1, 0, 0, 2, 2, 2, 2]);
  expect(scoreBaselines('trend_up_15', trend, direction, even)).toMatchObject({ majority_class: { accuracy: 3 / 4 } });
});

test('returns: the mean of the training rows, the last direction at the size of training returns, zero', () => {
  const returns = Float64Array.from([0.01, 0.02, -0.03, 9, 9, 9, 0.02, -0.02, 0.01, 0.01]);
  const { training_mean, last_direction, no_change } = scoreBaselines('fwd_return_5', returns, direction, roles);
  expect(training_mean).toEqual({ rmse: expect.closeTo(Math.sqrt(0.001 / 4), 12), mae: expect.closeTo(0.015, 12) });
  expect(no_change).toEqual({ rmse: expect.closeTo(Math.sqrt(0.001 / 4), 12), mae: expect.closeTo(0.015, 12) });
  expect(last_direction).toEqual({
    rmse: expect.closeTo(Math.sqrt((0 + 0 + 0.01 ** 2 + 0.03 ** 2) / 4), 12),
    mae: expect.closeTo(0.01, 12),
  });
});
