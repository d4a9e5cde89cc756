/**
 * Unit of each column of the feature table: what happens to it when all prices, or all volumes, are multiplied. A law
 * demands it of every column.
 */
export type Unit = keyof typeof POWERS;

/** Powers of price and volume in a unit. A logarithm of a price moves by a constant instead. */
export const POWERS = {
  none: { price: 0, volume: 0 },
  price: { price: 1, volume: 0 },
  volume: { price: 0, volume: 1 },
  'price × volume': { price: 1, volume: 1 },
  'price² ÷ volume': { price: 2, volume: -1 },
  '1 ÷ (price × volume)': { price: -1, volume: -1 },
  'ln price': { price: 0, volume: 0 },
} as const;

const NAMES: Readonly<Record<Unit, string>> = {
  price: `
    sma_7 sma_20 sma_50 sma_100 sma_200 ema_9 ema_12 ema_20 ema_26 ema_50 ema_100 ema_200 wma_20 dema_20 tema_20 kama_10
    hma_20 macd_12_26_9 macd_12_26_9_signal macd_12_26_9_hist sar_0p02_0p2 supertrend_10_3 ichimoku_9_26_52_tenkan
    ichimoku_9_26_52_kijun ichimoku_9_26_52_span_a ichimoku_9_26_52_span_b linearreg_14 linearreg_slope_14 vwap_day
    mom_10 ao_5_34
    trange atr_14 bbands_20_2_upper bbands_20_2_middle bbands_20_2_lower keltner_20_2_upper keltner_20_2_middle
    keltner_20_2_lower donchian_20_upper donchian_20_middle donchian_20_lower stddev_20 vwma_20`,
  none: `
    ppo_12_26 adx_14 adxr_14 plus_di_14 minus_di_14 aroon_25_up aroon_25_down aroon_25_osc supertrend_10_3_direction
    trix_15 vortex_14_plus vortex_14_minus close_sma_50_ratio close_sma_200_ratio close_ema_20_ratio
    close_vwap_day_ratio rsi_7 rsi_14 rsi_21 stoch_14_3_3_k stoch_14_3_3_d stochrsi_14_14_3_k stochrsi_14_14_3_d
    willr_14 cci_20 roc_5 roc_10 roc_20 ultosc_7_14_28 cmo_14 bop tsi_25_13 kst kst_signal fisher_9
    natr_14 bbands_20_2_width bbands_20_2_percent realized_vol_20 realized_vol_96 parkinson_20 garman_klass_20
    rogers_satchell_20 yang_zhang_20 ulcer_14
    mfi_14 cmf_20 volume_ratio_20 taker_ratio
    return_1 return_2 return_3 return_5 return_10 return_15 return_30 log_return_1 return_1_lag_1 return_1_lag_2
    return_1_lag_3 return_1_lag_4 return_1_lag_5 body_ratio upper_shadow_ratio lower_shadow_ratio range_ratio gap_open
    cdl_doji cdl_hammer cdl_inverted_hammer cdl_hanging_man cdl_shooting_star cdl_engulfing cdl_harami cdl_piercing
    cdl_dark_cloud_cover cdl_morning_star cdl_evening_star cdl_three_white_soldiers cdl_three_black_crows cdl_marubozu
    cdl_spinning_top
    zscore_20 zscore_50 skew_50 kurtosis_50 autocorr_50_1 percent_rank_100 hurst_200 regime_vol regime_trend
    hour_sin hour_cos weekday_sin weekday_cos is_weekend session
    candle_return taker_ratio_mean_2d taker_ratio_std_2d taker_ratio_zscore_2d volatility_7d volatility_7d_ema_20
    near_top_1d near_top_2d near_top_7d near_bottom_1d near_bottom_2d near_bottom_7d`,
  volume: `
    obv ad adosc_3_10 volume_sma_20 delta_volume cvd trade_size volume_mean_1d volume_std_1d volume_ema_20`,
  'price × volume': 'force_13',
  'price² ÷ volume': 'eom_14',
  '1 ÷ (price × volume)': 'amihud_20',
  'ln price': 'fracdiff_0p4',
};

const entries = (Object.keys(POWERS) as Unit[]).flatMap((unit) =>
  NAMES[unit]
    .trim()
    .split(/\s+/)
    .map((name) => [name, unit] as const),
);

/** Unit by name of the column. */
export const UNITS: ReadonlyMap<string, Unit> = new Map(entries);
if (UNITS.size !== entries.length) throw new RangeError('units must be given once a column');
