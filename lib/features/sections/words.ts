/** Words that many rows of the feature table use. */

// Which models a column is for. No set: the column depends on the price level or on the size of the market.
export const none = [] as const;
export const flat = ['xgboost', 'mlp'] as const;
export const every = ['xgboost', 'mlp', 'lstm'] as const;

export const HLC = ['high', 'low', 'close'] as const;
export const OHLC = ['open', 'high', 'low', 'close'] as const;
export const VOLUMES = ['volume', 'takerBuyVolume'] as const;

export const FLOAT64 = { type: 'float64' } as const;
export const FLAG = { type: 'int8' } as const;
