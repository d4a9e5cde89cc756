import type { Label } from './label.ts';

/** Return from the close of a row to the close `ahead` candles later. Undefined if the close is zero. */
export function forwardReturn<const Ahead extends number>(ahead: Ahead) {
  const name = `fwd_return_${ahead}` as const;
  return {
    columns: [
      {
        name,
        type: 'float64',
        nullable: true,
        meaning: `Return from this close to the close ${ahead === 1 ? '1 candle' : `${ahead} candles`} later.`,
        formula: `close[t+${ahead}] / close[t] - 1`,
        unit: 'fraction',
        horizon: () => ahead,
        known: `close of candle t+${ahead}`,
        source: 'its definition',
        pack: { end: 'known_at', weight: 'equal' },
      },
    ],
    write(columns, { window: { close }, rows }) {
      const out = columns[name];
      for (let row = 0; row < rows.length; row++) {
        const t = rows[row];
        if (close[t] > 0) out[row] = close[t + ahead] / close[t] - 1;
      }
    },
  } as const satisfies Label;
}
