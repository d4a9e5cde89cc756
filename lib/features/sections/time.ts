import { feature, featureRows } from '../feature-row.ts';
import { hourCycle } from '../kernels/hour-cycle.ts';
import { weekdayCycle } from '../kernels/weekday-cycle.ts';
import { every } from './words.ts';

/** Time. */
export const TIME = featureRows(
  feature(
    { hour_sin: 'Sine of the hour of the open time, UTC', hour_cos: 'Cosine of the hour of the open time, UTC' },
    hourCycle,
    {},
    ['openTimeMs'],
    'its definition',
    every,
  ),
  feature(
    { weekday_sin: 'Sine of the weekday of the open time, UTC', weekday_cos: 'Cosine of the weekday, UTC' },
    weekdayCycle,
    {},
    ['openTimeMs'],
    'its definition',
    every,
  ),
);
