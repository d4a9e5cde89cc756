/** Models over rows without order: trees and perceptrons. */
export const TABULAR_MODELS = ['xgboost', 'mlp'] as const;
/** Sequence models, too. */
export const ALL_MODELS = [...TABULAR_MODELS, 'lstm'] as const;

export const HLC = ['high', 'low', 'close'] as const;
export const OHLC = ['open', ...HLC] as const;
export const VOLUMES = ['volume', 'takerBuyVolume'] as const;
