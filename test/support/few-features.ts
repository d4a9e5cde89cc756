import { featureRows } from '../../lib/features/table.ts';

/**
 * A feature table for tests that are not about features: it has a recursive feature, a window of 7 days, which the
 * labels read, and a flag. A shard takes a fraction of the time of the whole table.
 */
export const FEW_FEATURES = featureRows(['rsi_14', 'volatility_7d', 'near_top_1d']);
