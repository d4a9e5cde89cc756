"""The original system's stack, written plainly: read_csv of the zips, pandas-ta-classic one indicator after the other,
pandas for its own columns, a loop over the candles for the labels, pyarrow for Parquet. It answers rounds.

It makes what its libraries offer of the three tables. Left out, because they have no function for it:
the candle patterns (pandas-ta calls TA-Lib for them), fracdiff_0p4, hurst_200, regime_*,
the volatilities of Parkinson, Garman-Klass,
Rogers-Satchell and Yang-Zhang, amihud_20, uniqueness. pandas-ta by its own code, not through TA-Lib.
"""
import sys
import time

import numpy as np
import pandas as pd
import pandas_ta_classic as ta
from contestant import serve

NAMES = ("open_time open high low close volume close_time quote_volume trades "
         "taker_buy_volume taker_buy_quote_volume ignore").split()


def features(c, days):
    """The names of steps and their computation: a Series, or a frame of columns. Later steps read the earlier `f`."""
    o, h, l, x, v = c.open, c.high, c.low, c.close, c.volume
    own = {"talib": False}
    last, change, when = x.shift(1), x.diff(), c.index
    log_return = np.log(x / last)
    bought = c.taker_buy_volume
    f = {}
    yield f, {
        **{f"sma_{n}": lambda n=n: ta.sma(x, n, **own) for n in (7, 20, 50, 100, 200)},
        **{f"ema_{n}": lambda n=n: ta.ema(x, n, **own) for n in (9, 12, 20, 26, 50, 100, 200)},
        "wma_20": lambda: ta.wma(x, 20, **own), "dema_20": lambda: ta.dema(x, 20, **own),
        "tema_20": lambda: ta.tema(x, 20, **own), "kama_10": lambda: ta.kama(x, 10),
        "hma_20": lambda: ta.hma(x, 20, **own), "macd_12_26_9": lambda: ta.macd(x, 12, 26, 9, **own),
        "ppo_12_26": lambda: ta.ppo(x, 12, 26, 9, **own), "adx_14": lambda: ta.adx(h, l, x, 14, **own),
        "aroon_25": lambda: ta.aroon(h, l, 25, **own), "sar_0p02_0p2": lambda: ta.psar(h, l, x, 0.02, 0.02, 0.2, **own),
        "supertrend_10_3": lambda: ta.supertrend(h, l, x, 10, 3.0).iloc[:, :2],
        "ichimoku_9_26_52": lambda: ta.ichimoku(h, l, x, 9, 26, 52, include_chikou=False)[0],
        "linearreg_14": lambda: ta.linreg(x, 14, **own),
        "linearreg_slope_14": lambda: ta.linreg(x, 14, slope=True, **own),
        "trix_15": lambda: ta.trix(x, 15, **own).iloc[:, 0], "vortex_14": lambda: ta.vortex(h, l, x, 14),
        "vwap_day": lambda: ta.vwap(h, l, x, v),
        **{f"close_{n}_ratio": lambda n=n: x / f[n] - 1 for n in ("sma_50", "sma_200", "ema_20", "vwap_day")},
        **{f"rsi_{n}": lambda n=n: ta.rsi(x, n, **own) for n in (7, 14, 21)},
        "stoch_14_3_3": lambda: ta.stoch(h, l, x, 14, 3, 3, **own),
        "stochrsi_14_14_3": lambda: ta.stochrsi(x, 14, 14, 1, 3, **own),
        "willr_14": lambda: ta.willr(h, l, x, 14, **own),
        "cci_20": lambda: ta.cci(h, l, x, 20, **own),
        **{f"roc_{n}": lambda n=n: ta.roc(x, n, **own) for n in (5, 10, 20)},
        "mom_10": lambda: ta.mom(x, 10, **own), "ultosc_7_14_28": lambda: ta.uo(h, l, x, 7, 14, 28, **own),
        "cmo_14": lambda: ta.cmo(x, 14, **own),
        "bop": lambda: ta.bop(o, h, l, x, **own), "ao_5_34": lambda: ta.ao(h, l, 5, 34),
        "tsi_25_13": lambda: ta.tsi(x, 13, 25).iloc[:, 0], "kst": lambda: ta.kst(x, 10, 15, 20, 30, 10, 10, 10, 15, 9),
        "fisher_9": lambda: ta.fisher(h, l, 9).iloc[:, 0],
        "trange": lambda: ta.true_range(h, l, x, **own), "atr_14": lambda: ta.atr(h, l, x, 14, **own),
        "natr_14": lambda: ta.natr(h, l, x, 14, **own), "bbands_20_2": lambda: ta.bbands(x, 20, 2.0, **own),
        "keltner_20_2": lambda: ta.kc(h, l, x, 20, 2.0), "donchian_20": lambda: ta.donchian(h, l, 20, 20),
        "stddev_20": lambda: ta.stdev(x, 20, ddof=0, **own),
        **{f"realized_vol_{n}": lambda n=n: log_return.rolling(n).std() for n in (20, 96)},
        "ulcer_14": lambda: ta.ui(x, 14), "obv": lambda: ta.obv(x, v, **own), "ad": lambda: ta.ad(h, l, x, v, **own),
        "adosc_3_10": lambda: ta.adosc(h, l, x, v, fast=3, slow=10, **own),
        "mfi_14": lambda: ta.mfi(h, l, x, v, 14, **own),
        "cmf_20": lambda: ta.cmf(h, l, x, v, length=20), "force_13": lambda: ta.efi(x, v, 13),
        "eom_14": lambda: ta.eom(h, l, x, v, 14), "vwma_20": lambda: ta.vwma(x, v, 20),
        "volume_sma_20": lambda: ta.sma(v, 20, **own), "volume_ratio_20": lambda: v / f["volume_sma_20"],
        "delta_volume": lambda: 2 * bought - v, "cvd": lambda: f["delta_volume"].cumsum(),
        "taker_ratio": lambda: bought / v, "trade_size": lambda: v / c.trades,
        **{f"return_{n}": lambda n=n: x / x.shift(n) - 1 for n in (1, 2, 3, 5, 10, 15, 30)},
        "log_return_1": lambda: log_return,
        **{f"return_1_lag_{n}": lambda n=n: f["return_1"].shift(n) for n in (1, 2, 3, 4, 5)},
        "body_ratio": lambda: (x - o).abs() / (h - l), "upper_shadow_ratio": lambda: (h - np.maximum(o, x)) / (h - l),
        "lower_shadow_ratio": lambda: (np.minimum(o, x) - l) / (h - l), "range_ratio": lambda: (h - l) / x,
        "gap_open": lambda: o / last - 1,
        **{f"zscore_{n}": lambda n=n: ta.zscore(x, n) for n in (20, 50)},
        "skew_50": lambda: ta.skew(log_return, 50), "kurtosis_50": lambda: ta.kurtosis(log_return, 50),
        "autocorr_50_1": lambda: log_return.rolling(50).corr(log_return.shift(1)),
        "percent_rank_100": lambda: x.rolling(100).rank(pct=True),
        "hour_sin": lambda: series(np.sin(2 * np.pi * when.hour / 24), c),
        "hour_cos": lambda: series(np.cos(2 * np.pi * when.hour / 24), c),
        "weekday_sin": lambda: series(np.sin(2 * np.pi * when.dayofweek / 7), c),
        "weekday_cos": lambda: series(np.cos(2 * np.pi * when.dayofweek / 7), c),
        "is_weekend": lambda: series(when.dayofweek >= 5, c).astype("int8"),
        "session": lambda: series(when.hour // 8, c).astype("int8"),
        "candle_return": lambda: (100 * change / last).round(2),
        "volume_mean_1d": lambda: v.rolling(days).mean(), "volume_std_1d": lambda: v.rolling(days).std(),
        "taker_ratio_mean_2d": lambda: f["taker_ratio"].rolling(2 * days, min_periods=days).mean(),
        "taker_ratio_std_2d": lambda: f["taker_ratio"].rolling(2 * days, min_periods=days).std(),
        "taker_ratio_zscore_2d": lambda: (f["taker_ratio"] - f["taker_ratio_mean_2d"]) / f["taker_ratio_std_2d"],
        "volatility_7d": lambda: f["return_1"].rolling(7 * days).std(),
        "volume_ema_20": lambda: v.ewm(span=20, adjust=False).mean(),
        "volatility_7d_ema_20": lambda: f["volatility_7d"].ewm(span=20, adjust=False).mean(),
        **{f"near_top_{n}d": lambda n=n: (x >= h.rolling(n * days).max() * 0.997).astype("int8") for n in (1, 2, 7)},
        **{f"near_bottom_{n}d": lambda n=n: (x <= l.rolling(n * days).min() * 1.003).astype("int8") for n in (1, 2, 7)},
    }


def series(values, c):
    return pd.Series(np.asarray(values), index=c.index)


def first_touch(up, down, close, target, horizon):
    """For each candle: how many candles later it reaches a barrier, and which one: 1, 0, or 2 if it reaches none."""
    n = len(close)
    bars, side = np.full(n, np.nan), np.full(n, np.nan)
    for i in range(n - horizon):
        if not target[i] > 0:
            continue
        upper, lower = close[i] * (1 + target[i]), close[i] * (1 - target[i])
        side[i], bars[i] = 2, horizon
        for j in range(i + 1, i + horizon + 1):
            if down[j] <= lower:
                side[i], bars[i] = 0, j - i
                break
            if up[j] >= upper:
                side[i], bars[i] = 1, j - i
                break
    return side, bars


def labels(c, f, days):
    x = c.close
    frame = pd.DataFrame(index=c.index)
    # Lists, because Python reads their items several times faster than those of an array.
    high, low, close = c.high.tolist(), c.low.tolist(), x.tolist()
    target = 3 * f["volatility_7d"]
    frame["signal"], frame["signal_bars"] = first_touch(high, low, close, target.tolist(), days)
    frame["signal_target"] = target
    deviation = 2 * f["return_1"].rolling(20).std()
    frame["tb_2_20"], frame["tb_2_20_bars"] = first_touch(close, close, close, deviation.tolist(), 20)
    for n in (1, 5, 15, 60):
        frame[f"fwd_return_{n}"] = x.shift(-n) / x - 1
    frame["trend_up_15"] = (frame.fwd_return_15 > 0).astype("int8")
    return frame


def refine(paths, days, out):
    spent = {}

    def timed(name, calculate):
        start = time.process_time()
        result = calculate()
        spent[name] = 1000 * (time.process_time() - start)
        return result

    c = timed("read_csv", lambda: pd.concat([pd.read_csv(path, names=NAMES, header=0) for path in paths]))
    c.index = pd.to_datetime(c.open_time, unit="ms", utc=True).dt.tz_localize(None)
    parts = []
    for f, steps in features(c, days):
        for name, calculate in steps.items():
            result = timed(name, calculate)
            f[name] = result
            parts.append(result if isinstance(result, pd.DataFrame) else result.rename(name))
    table = timed("concat", lambda: pd.concat([c.open_time, *parts], axis=1))
    table = table.loc[:, ~table.columns.duplicated()]
    narrow = [name for name in table if table[name].dtype == "float64" and name not in ("obv", "ad", "cvd")]
    table = timed("float32", lambda: table.astype(dict.fromkeys(narrow, "float32")))
    y = timed("labels", lambda: labels(c, f, days))
    timed("to_parquet", lambda: (c.drop(columns="ignore").to_parquet(f"{out}/candles.parquet"),
                                 table.to_parquet(f"{out}/features.parquet"), y.to_parquet(f"{out}/labels.parquet")))
    return table.shape[1] + y.shape[1], spent


def main():
    days, out, *paths = sys.argv[1:]

    def run():
        columns, spent = refine(paths, int(days), out)
        slowest = sorted(spent.items(), key=lambda item: -item[1])[:12]
        steps = " · ".join(f"{name} {ms:.0f}" for name, ms in slowest)
        return {"note": f"pandas + pandas-ta: {columns} columns; CPU ms of its slowest steps: {steps}"}

    serve(run)


main()
