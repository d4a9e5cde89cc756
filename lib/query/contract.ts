import type { FeatureSet } from '../features/feature-row.ts';

export const QUERY_FORMATS = ['table', 'json', 'csv'] as const;
export type QueryFormat = (typeof QUERY_FORMATS)[number];

/** Formats of the file that a result can be written to; each is the ending of its name. */
export const EXPORT_FORMATS = ['parquet', 'csv', 'json', 'arrow'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Kinds of model that have a view of their own. */
export const TRAINING_SETS = ['xgboost', 'mlp', 'lstm'] as const satisfies readonly FeatureSet[];

/** Names of the views. `views.ts` has the views themselves, and loads the whole feature table. */
export const VIEW_NAMES = ['runs', 'dataset', ...TRAINING_SETS.map((set) => `ml_${set}` as const)] as const;
