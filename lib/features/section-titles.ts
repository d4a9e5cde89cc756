/** The sections of the feature table, in its order. It loads no kernel, so that `lake --help` can list them. */
export const SECTION_TITLES: Readonly<Record<string, string>> = {
  foundations: 'Foundations',
  averages: 'Averages of the close',
  trend: 'Trend',
  momentum: 'Momentum',
  volatility: 'Volatility',
  volume: 'Volume and flow',
  candle: 'The candle and its past',
  patterns: 'Candle patterns',
  statistics: 'Statistics and regime',
  time: 'Time',
  original: 'The original system',
};
