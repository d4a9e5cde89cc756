import { feature, featureRows } from '../feature-row.ts';
import { hourCycle } from '../kernels/hour-cycle.ts';
import { session } from '../kernels/session.ts';
import { weekdayCycle } from '../kernels/weekday-cycle.ts';
import { weekend } from '../kernels/weekend.ts';
import { every, FLAG } from './words.ts';

/** Time. */
export const TIME = featureRows(
  feature(
    {
      hour_sin: ['Sine of the hour of the open time, UTC', 'sin(2 * pi * hour / 24)'],
      hour_cos: ['Cosine of the hour of the open time, UTC', 'cos(2 * pi * hour / 24)'],
    },
    hourCycle,
    {},
    ['openTimeMs'],
    'its definition',
    every,
  ),
  feature(
    {
      weekday_sin: ['Sine of the weekday of the open time, UTC', 'sin(2 * pi * weekday / 7)'],
      weekday_cos: ['Cosine of the weekday, UTC', 'cos(2 * pi * weekday / 7)'],
    },
    weekdayCycle,
    {},
    ['openTimeMs'],
    'its definition',
    every,
  ),
  feature(
    { is_weekend: ['1 where the candle opens on a Saturday or a Sunday, UTC, else 0', 'if(weekday >= 5, 1, 0)'] },
    weekend,
    {},
    ['openTimeMs'],
    'its definition',
    every,
    FLAG,
  ),
  feature(
    {
      session: [
        'Session in which the candle opens, UTC: 0 Asia 00–08, 1 Europe 08–16, 2 America 16–24',
        'floor(hour / 8)',
      ],
    },
    session,
    {},
    ['openTimeMs'],
    'its definition',
    every,
    FLAG,
  ),
);
