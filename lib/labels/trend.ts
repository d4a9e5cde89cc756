import type { Label } from './label.ts';

const AHEAD = 15;

/** The sign of `fwd_return_15`. */
export const TREND = {
  columns: [
    {
      name: 'trend_up_15',
      type: 'int8',
      nullable: true,
      meaning: 'Whether the close is higher 15 candles later.',
      formula: 'fwd_return_15 > 0',
      unit: 'class',
      values: [
        { value: 0, meaning: 'the close is lower or equal 15 candles later' },
        { value: 1, meaning: 'the close is higher 15 candles later' },
      ],
      horizon: () => AHEAD,
      known: 'close of candle t+15',
      source: 'its definition',
      pack: { end: 'known_at', weight: 'equal', directions: { up: 1, down: 0, flat: 0 } },
    },
  ],
  write({ trend_up_15 }, { window: { close }, rows }) {
    for (let row = 0; row < rows.length; row++) {
      const t = rows[row];
      if (close[t] > 0) trend_up_15[row] = close[t + AHEAD] / close[t] - 1 > 0 ? 1 : 0;
    }
  },
} as const satisfies Label;
