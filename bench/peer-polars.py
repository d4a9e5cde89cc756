"""The pipeline as one writes it in polars with polars-talib: zips, read_csv, 160 columns of the feature table and five
labels, write_parquet. It answers rounds.

Left out, because neither library has a function for them: fracdiff_0p4, hurst_200, regime_vol, regime_trend,
supertrend_10_3 in both columns, fisher_9, the labels of barriers, and uniqueness. It does not check, hash, flush or
keep state, and holds the whole period in memory. POLARS_MAX_THREADS says how many threads it may use.
"""
import math
import sys
import time
import zipfile

import polars as pl
import polars_talib as ta
from contestant import serve

NAMES = ("open_time open high low close volume close_time quote_volume trades "
         "taker_buy_volume taker_buy_quote_volume ignore").split()
O, H, L, C, V = (pl.col(name) for name in ("open", "high", "low", "close", "volume"))
BOUGHT = pl.col("taker_buy_volume")
LAST, SPAN = C.shift(1), H - L
PATTERNS = {
    "doji": "doji", "hammer": "hammer", "inverted_hammer": "invertedhammer", "hanging_man": "hangingman",
    "shooting_star": "shootingstar", "engulfing": "engulfing", "harami": "harami", "piercing": "piercing",
    "dark_cloud_cover": "darkcloudcover", "morning_star": "morningstar", "evening_star": "eveningstar",
    "three_white_soldiers": "3whitesoldiers", "three_black_crows": "3blackcrows", "marubozu": "marubozu",
    "spinning_top": "spinningtop",
}


def unnamed(struct, **names):
    """The fields of a struct under our names."""
    return {ours: struct.struct.field(theirs) for ours, theirs in names.items()}


def averages_and_trend():
    macd = ta.macd(C, 12, 26, 9)
    return {
        "trange": ta.trange(H, L, C), "log_return_1": (C / LAST).log(),
        **{f"sma_{n}": ta.sma(C, n) for n in (7, 20, 50, 100, 200)},
        **{f"ema_{n}": ta.ema(C, n) for n in (9, 12, 20, 26, 50, 100, 200)},
        "wma_20": ta.wma(C, 20), "dema_20": ta.dema(C, 20), "tema_20": ta.tema(C, 20), "kama_10": ta.kama(C, 10),
        "hma_20": ta.wma(2 * ta.wma(C, 10) - ta.wma(C, 20), 4),
        **unnamed(macd, macd_12_26_9="macd", macd_12_26_9_signal="macdsignal", macd_12_26_9_hist="macdhist"),
        "ppo_12_26": ta.ppo(C, 12, 26, 1),
        "plus_di_14": ta.plus_di(H, L, C, 14), "minus_di_14": ta.minus_di(H, L, C, 14),
        "adx_14": ta.adx(H, L, C, 14), "adxr_14": ta.adxr(H, L, C, 14),
        **unnamed(ta.aroon(H, L, 25), aroon_25_up="aroonup", aroon_25_down="aroondown"),
        "aroon_25_osc": ta.aroonosc(H, L, 25), "sar_0p02_0p2": ta.sar(H, L, 0.02, 0.2),
        "ichimoku_9_26_52_tenkan": (H.rolling_max(9) + L.rolling_min(9)) / 2,
        "ichimoku_9_26_52_kijun": (H.rolling_max(26) + L.rolling_min(26)) / 2,
        "ichimoku_9_26_52_span_b": (H.rolling_max(52) + L.rolling_min(52)) / 2,
        "linearreg_14": ta.linearreg(C, 14), "linearreg_slope_14": ta.linearreg_slope(C, 14),
        "trix_15": ta.trix(C, 15),
        "vortex_14_plus": (H - L.shift(1)).abs().rolling_sum(14) / ta.trange(H, L, C).fill_nan(None).rolling_sum(14),
        "vortex_14_minus": (L - H.shift(1)).abs().rolling_sum(14) / ta.trange(H, L, C).fill_nan(None).rolling_sum(14),
        "vwap_day": (ta.typprice(H, L, C) * V).cum_sum().over("day") / V.cum_sum().over("day"),
    }


def momentum():
    gain, fall = H - C, C - L
    change = C.diff().fill_null(float("nan"))
    kst = [C.pct_change(n) * 100 for n in (10, 15, 20, 30)]
    return {
        **{f"rsi_{n}": ta.rsi(C, n) for n in (7, 14, 21)},
        **unnamed(ta.stoch(H, L, C, 14, 3, 0, 3, 0), stoch_14_3_3_k="slowk", stoch_14_3_3_d="slowd"),
        **unnamed(ta.stochrsi(C, 14, 14, 3, 0), stochrsi_14_14_3_k="fastk", stochrsi_14_14_3_d="fastd"),
        "willr_14": ta.willr(H, L, C, 14), "cci_20": ta.cci(H, L, C, 20),
        **{f"roc_{n}": ta.roc(C, n) for n in (5, 10, 20)},
        "mom_10": ta.mom(C, 10), "ultosc_7_14_28": ta.ultosc(H, L, C, 7, 14, 28), "cmo_14": ta.cmo(C, 14),
        "bop": ta.bop(O, H, L, C), "ao_5_34": ta.sma((H + L) / 2, 5) - ta.sma((H + L) / 2, 34),
        "tsi_25_13": 100 * ta.ema(ta.ema(change, 25), 13) / ta.ema(ta.ema(change.abs(), 25), 13),
        "kst": sum(weight * roc.rolling_mean(n) for weight, roc, n in zip((1, 2, 3, 4), kst, (10, 10, 10, 15))),
    }


def volatility():
    bands, atr = ta.bbands(C, 20, 2.0, 2.0, 0), ta.atr(H, L, C, 20)
    height, body = (H / L).log(), (C / O).log()
    log_return = (C / LAST).log()
    return {
        "atr_14": ta.atr(H, L, C, 14), "natr_14": ta.natr(H, L, C, 14),
        **unnamed(bands, bbands_20_2_upper="upperband", bbands_20_2_middle="middleband", bbands_20_2_lower="lowerband"),
        "keltner_20_2_upper": ta.ema(C, 20) + 2 * atr, "keltner_20_2_middle": ta.ema(C, 20),
        "keltner_20_2_lower": ta.ema(C, 20) - 2 * atr,
        "donchian_20_upper": H.rolling_max(20), "donchian_20_lower": L.rolling_min(20),
        "stddev_20": ta.stddev(C, 20, 1.0),
        **{f"realized_vol_{n}": log_return.rolling_std(n) for n in (20, 96)},
        "parkinson_20": (height.pow(2) / (4 * math.log(2))).rolling_mean(20).sqrt(),
        "garman_klass_20": (height.pow(2) / 2 - (2 * math.log(2) - 1) * body.pow(2)).rolling_mean(20).clip(0).sqrt(),
        "rogers_satchell_20": ((H / O).log() * (H / C).log() + (L / O).log() * (L / C).log()).rolling_mean(20)
        .clip(0).sqrt(),
        "ulcer_14": (100 * (C / C.rolling_max(14) - 1)).pow(2).rolling_mean(14).sqrt(),
        "overnight_var": (O / LAST).log().rolling_var(20), "body_var": body.rolling_var(20),
    }


def volume():
    flow = ((2 * C - H - L) / SPAN).fill_nan(0) * V
    middle = (H + L) / 2
    return {
        "obv": ta.obv(C, V), "mfi_14": ta.mfi(H, L, C, V, 14), "ad": ta.ad(H, L, C, V),
        "adosc_3_10": ta.adosc(H, L, C, V, 3, 10), "cmf_20": flow.rolling_sum(20) / V.rolling_sum(20),
        "force_13": ta.ema((C.diff() * V).fill_null(float("nan")), 13),
        "eom_14": (middle.diff() * SPAN / (V / 1e8)).rolling_mean(14),
        "vwma_20": (C * V).rolling_sum(20) / V.rolling_sum(20), "volume_sma_20": ta.sma(V, 20),
        "delta_volume": 2 * BOUGHT - V, "cvd": (2 * BOUGHT - V).cum_sum(), "taker_ratio": BOUGHT / V,
        "trade_size": V / pl.col("trades"),
        "amihud_20": ((C / LAST).log().abs() / pl.col("quote_volume")).rolling_mean(20, min_samples=10),
    }


def candle_and_time():
    when = pl.from_epoch("open_time", time_unit="ms")
    hour, weekday = when.dt.hour().cast(pl.Int64), when.dt.weekday().cast(pl.Int64) - 1
    patterns = {f"cdl_{name}": (getattr(ta, f"cdl{theirs}")(O, H, L, C) / 100).cast(pl.Int8)
                for name, theirs in PATTERNS.items()}
    turn = 2 * math.pi
    return {
        **{f"return_{n}": C.pct_change(n) for n in (1, 2, 3, 5, 10, 15, 30)},
        "body_ratio": (C - O).abs() / SPAN, "upper_shadow_ratio": (H - pl.max_horizontal(O, C)) / SPAN,
        "lower_shadow_ratio": (pl.min_horizontal(O, C) - L) / SPAN, "range_ratio": SPAN / C, "gap_open": O / LAST - 1,
        **patterns,
        **{f"zscore_{n}": (C - C.rolling_mean(n)) / C.rolling_std(n) for n in (20, 50)},
        "percent_rank_100": C.rolling_rank(100) / 100,
        "hour_sin": (hour * (turn / 24)).sin(), "hour_cos": (hour * (turn / 24)).cos(),
        "weekday_sin": (weekday * (turn / 7)).sin(), "weekday_cos": (weekday * (turn / 7)).cos(),
        "is_weekend": (weekday >= 5).cast(pl.Int8), "session": (hour // 8).cast(pl.Int8),
        "candle_return": (100 * C.pct_change()).round(2),
    }


def days_of_the_original(days):
    near = {}
    for n in (1, 2, 7):
        top, bottom = H.rolling_max(n * days), L.rolling_min(n * days)
        near[f"near_top_{n}d"] = ((C < top) & (C >= 0.997 * top)).cast(pl.Int8)
        near[f"near_bottom_{n}d"] = ((C > bottom) & (C <= 1.003 * bottom)).cast(pl.Int8)
    return {
        "volume_mean_1d": V.rolling_mean(days), "volume_std_1d": V.rolling_std(days),
        "volume_ema_20": V.ewm_mean(span=20, adjust=False), **near,
    }


def from_other_columns(days):
    """Columns that read earlier ones."""
    f = pl.col
    k = 0.34 / (1.34 + 21 / 19)
    return {
        "ichimoku_9_26_52_span_a": (f("ichimoku_9_26_52_tenkan") + f("ichimoku_9_26_52_kijun")) / 2,
        **{f"close_{name}_ratio": C / f(name) - 1 for name in ("sma_50", "sma_200", "ema_20", "vwap_day")},
        "kst_signal": f("kst").rolling_mean(9),
        "bbands_20_2_width": (f("bbands_20_2_upper") - f("bbands_20_2_lower")) / f("bbands_20_2_middle"),
        "bbands_20_2_percent": (C - f("bbands_20_2_lower")) / (f("bbands_20_2_upper") - f("bbands_20_2_lower")),
        "donchian_20_middle": (f("donchian_20_upper") + f("donchian_20_lower")) / 2,
        "yang_zhang_20": (f("overnight_var") + k * f("body_var") + (1 - k) * f("rogers_satchell_20").pow(2)).sqrt(),
        "volume_ratio_20": V / f("volume_sma_20"),
        **{f"return_1_lag_{n}": f("return_1").shift(n) for n in (1, 2, 3, 4, 5)},
        "skew_50": f("log_return_1").rolling_skew(50, bias=False),
        "kurtosis_50": f("log_return_1").rolling_kurtosis(50, bias=False),
        "autocorr_50_1": pl.rolling_corr("log_return_1", f("log_return_1").shift(1), window_size=50),
        "taker_ratio_mean_2d": f("taker_ratio").rolling_mean(2 * days, min_samples=days),
        "taker_ratio_std_2d": f("taker_ratio").rolling_std(2 * days, min_samples=days),
        "volatility_7d": f("return_1").rolling_std(7 * days),
    }


def from_those():
    f = pl.col
    return {
        "taker_ratio_zscore_2d": (f("taker_ratio") - f("taker_ratio_mean_2d")) / f("taker_ratio_std_2d"),
        "volatility_7d_ema_20": f("volatility_7d").ewm_mean(span=20, adjust=False),
    }


def labels():
    ahead = {f"fwd_return_{n}": C.shift(-n) / C - 1 for n in (1, 5, 15, 60)}
    return {**ahead, "trend_up_15": (ahead["fwd_return_15"] > 0).cast(pl.Int8)}


def read(paths):
    frames = []
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            csv = archive.read(archive.namelist()[0])
        frames.append(pl.read_csv(csv, has_header=csv[:4] == b"open", new_columns=NAMES))
    return pl.concat(frames)


def refine(paths, days, out):
    spent, begin = {}, time.process_time()

    def lap(name):
        nonlocal begin
        now = time.process_time()
        spent[name], begin = 1000 * (now - begin), now

    candles = read(paths)
    lap("unzip + csv")
    frame = candles.with_columns(day=pl.col("open_time") // 86_400_000)
    first = {**averages_and_trend(), **momentum(), **volatility(), **volume(), **candle_and_time(),
             **days_of_the_original(days)}
    frame = frame.with_columns(**first)
    second, third = from_other_columns(days), from_those()
    frame = frame.with_columns(**second).with_columns(**third)
    names = [name for name in {**first, **second, **third} if name not in ("overnight_var", "body_var")]
    lap("features")
    wide = ("obv", "ad", "cvd")
    narrow = [pl.col(name).cast(pl.Float32) for name in names
              if frame.schema[name] == pl.Float64 and name not in wide]
    features = frame.select("open_time", *names).with_columns(narrow)
    y = candles.select("open_time", **labels())
    lap("float32 + labels")
    candles.drop("ignore").write_parquet(f"{out}/candles.parquet", compression="zstd", compression_level=1)
    features.write_parquet(f"{out}/features.parquet", compression="snappy")
    y.write_parquet(f"{out}/labels.parquet", compression="snappy")
    lap("Parquet")
    return len(names) + y.width - 1, spent


def main():
    days, out, *paths = sys.argv[1:]

    def run():
        columns, spent = refine(paths, int(days), out)
        stages = " · ".join(f"{name} {ms:.0f}" for name, ms in spent.items())
        return {"note": f"polars + polars-talib: {columns} columns; CPU ms of its stages: {stages}"}

    serve(run)


main()
