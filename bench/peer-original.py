"""The original system's stack: read_csv from the zips, pandas-ta-classic for the seventeen shared indicators, rolling
pandas for its own columns, pyarrow for Parquet. Prints one line of JSON. pandas-ta by its own code, not through TA-Lib.
"""
import json
import sys
import time

import numpy as np
import pandas as pd
import pandas_ta_classic as ta

NAMES = ("open_time open high low close volume close_time quote_volume trades "
         "taker_buy_volume taker_buy_quote_volume ignore").split()


def refine(paths, days, out):
    candles = pd.concat([pd.read_csv(path, names=NAMES, header=0) for path in paths], ignore_index=True)
    high, low, close, volume = candles.high, candles.low, candles.close, candles.volume
    own = {"talib": False}
    index = pd.to_datetime(candles.open_time, unit="ms", utc=True)
    parts = [
        ta.sma(close, 20, **own), ta.ema(close, 20, **own), ta.wma(close, 20, **own), ta.rsi(close, 14, **own),
        ta.macd(close, 12, 26, 9, **own), ta.bbands(close, 20, 2.0, **own), ta.atr(high, low, close, 14, **own),
        ta.adx(high, low, close, 14, **own), ta.stoch(high, low, close, 14, 3, 3, **own),
        ta.stochrsi(close, 14, 14, 1, 3, **own), ta.cci(high, low, close, 20, **own), ta.obv(close, volume, **own),
        ta.mfi(high, low, close, volume, 14, **own), ta.willr(high, low, close, 14, **own), ta.roc(close, 10, **own),
        ta.psar(high, low, close, 0.02, 0.02, 0.2, **own), ta.trix(close, 15, **own),
    ]
    f = pd.concat([pd.DataFrame({"open_time": candles.open_time}), *parts], axis=1)
    change, last = close.diff(), close.shift(1)
    f["cvd"] = (2 * candles.taker_buy_volume - volume).cumsum()
    f["taker_ratio"] = candles.taker_buy_volume / volume
    for lag in (1, 5, 10, 15):
        f[f"return_{lag}"] = close / close.shift(lag) - 1
    f["log_return_1"] = np.log(close / last)
    when = index
    for name, part, length in (("hour", when.dt.hour, 24), ("weekday", when.dt.day_of_week, 7)):
        f[f"{name}_sin"], f[f"{name}_cos"] = np.sin(2 * np.pi * part / length), np.cos(2 * np.pi * part / length)
    f["candle_return"] = (100 * change / last).round(2)
    day = volume.rolling(days)
    f["volume_mean_1d"], f["volume_std_1d"] = day.mean(), day.std()
    two = f.taker_ratio.rolling(2 * days, min_periods=days)
    f["taker_ratio_mean_2d"], f["taker_ratio_std_2d"] = two.mean(), two.std()
    f["taker_ratio_zscore_2d"] = (f.taker_ratio - f.taker_ratio_mean_2d) / f.taker_ratio_std_2d
    f["volatility_7d"] = f.return_1.rolling(7 * days).std()
    f["volume_ema_20"] = volume.ewm(span=20, adjust=False).mean()
    f["volatility_7d_ema_20"] = f.volatility_7d.ewm(span=20, adjust=False).mean()
    for n in (1, 2, 7):
        f[f"near_top_{n}d"] = (close >= high.rolling(n * days).max() * 0.997).astype("int8")
        f[f"near_bottom_{n}d"] = (close <= low.rolling(n * days).min() * 1.003).astype("int8")
    floats = f.columns.difference(["open_time", "obv", "cvd"])
    floats = [name for name in floats if f[name].dtype == "float64"]
    f[floats] = f[floats].astype("float32")
    candles.drop(columns="ignore").to_parquet(f"{out}/candles.parquet")
    f.to_parquet(f"{out}/features.parquet")
    return len(candles)


def main():
    warm_ups, repetitions, days, out, *paths = sys.argv[1:]
    times, rows = [], 0
    for i in range(-int(warm_ups), int(repetitions)):
        start = time.perf_counter()
        rows = refine(paths, int(days), out)
        if i >= 0:
            times.append(1000 * (time.perf_counter() - start))
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(json.dumps({"candles": rows, "times": times, "peakMiB": peak, "pandas": pd.__version__}))


main()
