import { averageUniqueness, inverseConcurrency } from './concurrency.ts';
import type { Label } from './label.ts';
import { NO_BARRIERS, signalHorizon } from './signal.ts';

/** The average uniqueness of `signal`. It reads the signals that are still open at a row. */
export const UNIQUENESS = {
  lookback: signalHorizon,
  endsWithSignal: true,
  columns: [
    {
      name: 'uniqueness',
      type: 'float64',
      nullable: true,
      meaning: 'Sample weight of signal, between 0 and 1: low if many labels share its candles.',
      formula: 'mean over candles t … exit of 1 / (number of signals that cover the candle)',
      unit: 'weight',
      horizon: signalHorizon,
      known: 'signal_t1',
      source: 'López de Prado (2018), ch. 4.4',
    },
  ],
  write({ uniqueness }, { rows, exits, from, to }) {
    const inverse = inverseConcurrency(exits, from, to);
    for (let row = 0; row < rows.length; row++) {
      const t = rows[row];
      if (exits[t] !== NO_BARRIERS) uniqueness[row] = averageUniqueness(inverse, t, exits[t]);
    }
  },
} as const satisfies Label;
