import { type Containable, findContained } from '../../../lib/lake/landing/contained.ts';
import { HOUR_MS } from '../../support/time.ts';

type Hours = readonly [from: number, to: number];

/** An answer of REST: the hours that it was requested for, and the hours for which it is an answer. */
function answer(name: string, fetchedAtMs: number, requested: Hours, answered: Hours): Containable {
  const range = { fromMs: requested[0] * HOUR_MS, toMs: requested[1] * HOUR_MS };
  const answers = { fromMs: answered[0] * HOUR_MS, toMs: answered[1] * HOUR_MS };
  return { source: 'rest', fetchedAtMs, sha256: name, range, answers };
}

/** Returns true if the later answer contains the earlier one. All rows agree, so that the times alone decide. */
function contains(later: readonly [Hours, Hours], earlier: readonly [Hours, Hours], period = '1970'): boolean {
  const [b, a] = [answer('b', 2, ...later), answer('a', 1, ...earlier)];
  return findContained(period, [b, a], () => true).get(a) === b;
}

// An hour without a row is evidence too: an answer that reaches further must never be taken for a contained one.
test.each<[string, readonly [Hours, Hours], readonly [Hours, Hours], boolean]>([
  [
    'with the same times is',
    [
      [0, 8],
      [0, 8],
    ],
    [
      [0, 8],
      [0, 8],
    ],
    true,
  ],
  [
    'with times inside is',
    [
      [0, 8],
      [0, 8],
    ],
    [
      [2, 6],
      [2, 6],
    ],
    true,
  ],
  [
    'that was requested for an hour before is not',
    [
      [1, 8],
      [0, 8],
    ],
    [
      [0, 6],
      [0, 6],
    ],
    false,
  ],
  [
    'that was requested for an hour after is not',
    [
      [0, 8],
      [0, 9],
    ],
    [
      [0, 9],
      [0, 8],
    ],
    false,
  ],
  [
    'that answers an hour after is not',
    [
      [0, 8],
      [0, 4],
    ],
    [
      [0, 6],
      [0, 5],
    ],
    false,
  ],
  [
    'that answers an hour before is not',
    [
      [0, 8],
      [1, 8],
    ],
    [
      [0, 6],
      [0, 6],
    ],
    false,
  ],
  [
    'that answers no hour is not',
    [
      [0, 8],
      [0, 8],
    ],
    [
      [2, 6],
      [2, 2],
    ],
    false,
  ],
])('an answer %s contained in a later one that agrees', (_, later, earlier, expected) => {
  expect(contains(later, earlier)).toBe(expected);
});

test('hours of another period do not count', () => {
  const YEAR = 365 * 24;
  // The earlier answer reaches further, but only into the next year.
  const [later, earlier] = [
    [
      [0, YEAR + 9],
      [0, YEAR + 1],
    ],
    [
      [0, YEAR + 9],
      [0, YEAR + 5],
    ],
  ] as const;
  expect(contains(later, earlier)).toBe(true);
  expect(contains(later, earlier, '1971')).toBe(false);
});
