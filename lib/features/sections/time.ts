import { DAY_MS } from '../../domain/time-range.ts';
import { feature, featureSection } from '../feature-row.ts';
import { session, timeCycle, weekend } from '../kernels/clock.ts';
import { ALL_MODELS } from './models-and-inputs.ts';

const HOUR_MS = DAY_MS / 24;
// 1970-01-01 was a Thursday, the third day after Monday.
const THURSDAY = 3;

/** Time. */
export const TIME = featureSection(
  feature(
    {
      hour_sin: ['Sine of the hour of the open time, UTC', 'sin(2 * pi * hour / 24)'],
      hour_cos: ['Cosine of the hour of the open time, UTC', 'cos(2 * pi * hour / 24)'],
    },
    {
      kernel: timeCycle,
      parameters: { stepMs: HOUR_MS, steps: 24, offset: 0 },
      inputs: ['openTimeMs'],
      sets: ALL_MODELS,
    },
  ),
  feature(
    {
      weekday_sin: ['Sine of the weekday of the open time, UTC', 'sin(2 * pi * weekday / 7)'],
      weekday_cos: ['Cosine of the weekday, UTC', 'cos(2 * pi * weekday / 7)'],
    },
    {
      kernel: timeCycle,
      parameters: { stepMs: DAY_MS, steps: 7, offset: THURSDAY },
      inputs: ['openTimeMs'],
      sets: ALL_MODELS,
    },
  ),
  feature(
    { is_weekend: ['1 if the candle opens on a Saturday or a Sunday, UTC, else 0', 'if(weekday >= 5, 1, 0)'] },
    { kernel: weekend, inputs: ['openTimeMs'], sets: ALL_MODELS, type: 'int8' },
  ),
  feature(
    {
      session: [
        'Session in which the candle opens, UTC: 0 Asia 00–08, 1 Europe 08–16, 2 America 16–24',
        'floor(hour / 8)',
      ],
    },
    { kernel: session, inputs: ['openTimeMs'], sets: ALL_MODELS, type: 'int8' },
  ),
);
