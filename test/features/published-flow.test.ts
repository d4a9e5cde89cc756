import type { FeatureRow } from '../../lib/features/feature-row.ts';
import { TABLE } from '../../lib/features/table.ts';

const rows: readonly FeatureRow[] = TABLE;
const columns = new Map(rows.flatMap((row) => row.columns).map((column) => [column.name, column]));

// Published names of volatility, volume, candle, patterns, statistics and time: a change here is a change of contract.
const PUBLISHED = {
  float64: 'obv ad cvd',
  int8: `cdl_doji cdl_hammer cdl_inverted_hammer cdl_hanging_man cdl_shooting_star cdl_engulfing cdl_harami cdl_piercing
    cdl_dark_cloud_cover cdl_morning_star cdl_evening_star cdl_three_white_soldiers cdl_three_black_crows cdl_marubozu
    cdl_spinning_top regime_vol regime_trend is_weekend session`,
  float32: `trange atr_14 natr_14 bbands_20_2_upper bbands_20_2_middle bbands_20_2_lower bbands_20_2_width
    bbands_20_2_percent keltner_20_2_upper keltner_20_2_middle keltner_20_2_lower donchian_20_upper donchian_20_middle
    donchian_20_lower stddev_20 realized_vol_20 realized_vol_96 parkinson_20 garman_klass_20 rogers_satchell_20
    yang_zhang_20 ulcer_14 adosc_3_10 mfi_14 cmf_20 force_13 eom_14 vwma_20 volume_sma_20 volume_ratio_20 delta_volume
    taker_ratio trade_size amihud_20 return_1 return_2 return_3 return_5 return_10 return_15 return_30 log_return_1
    return_1_lag_1 return_1_lag_2 return_1_lag_3 return_1_lag_4 return_1_lag_5 body_ratio upper_shadow_ratio
    lower_shadow_ratio range_ratio gap_open zscore_20 zscore_50 skew_50 kurtosis_50 autocorr_50_1 percent_rank_100
    fracdiff_0p4 hurst_200 hour_sin hour_cos weekday_sin weekday_cos`,
};

test.each(Object.entries(PUBLISHED))('%s columns', (type, names) => {
  const wrong = names.split(/\s+/).filter((name) => columns.get(name)?.type !== type);
  expect(wrong).toEqual([]);
});

test('a model that needs bounded or standardised numbers gets no prices and no amounts', () => {
  const prices = /^(trange|atr|bbands_20_2_(upper|middle|lower)|keltner|donchian|stddev)/;
  const amounts = /^(ad$|adosc|force|eom|vwma|volume_sma|cvd|obv)/;
  const offered = [...columns.values()].filter(
    ({ name, sets }) => (prices.test(name) || amounts.test(name)) && sets.length > 0,
  );
  expect(offered.map(({ name }) => name)).toEqual([]);
});
