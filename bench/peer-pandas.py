"""The same work as one writes it in pandas: read_csv, rolling and ewm, to_parquet. It answers rounds.

Less than refine does: no labels, no checks, no hashes, no state. CCI and the exact seeding of Wilder's averages are
left out.
"""
import sys

import numpy as np
import pandas as pd
from contestant import serve

NAMES = ("open_time open high low close volume close_time quote_volume trades "
         "taker_buy_volume taker_buy_quote_volume ignore").split()


def refine(paths, days, out):
    candles = pd.concat([pd.read_csv(path, names=NAMES, header=0) for path in paths], ignore_index=True)
    high, low, close, volume = candles.high, candles.low, candles.close, candles.volume
    f = pd.DataFrame({"open_time": candles.open_time})
    f["sma_20"] = close.rolling(20).mean()
    f["ema_20"] = close.ewm(span=20, adjust=False).mean()
    f["ema_200"] = close.ewm(span=200, adjust=False).mean()
    f["macd"] = close.ewm(span=12, adjust=False).mean() - close.ewm(span=26, adjust=False).mean()
    f["macd_signal"] = f.macd.ewm(span=9, adjust=False).mean()
    f["macd_hist"] = f.macd - f.macd_signal
    last = close.shift(1)
    true_range = np.maximum(high, last) - np.minimum(low, last)
    f["atr_14"] = true_range.ewm(alpha=1 / 14, adjust=False).mean()
    up, down = high.diff(), -low.diff()
    plus = up.where((up > down) & (up > 0), 0).ewm(alpha=1 / 14, adjust=False).mean()
    minus = down.where((down > up) & (down > 0), 0).ewm(alpha=1 / 14, adjust=False).mean()
    f["plus_di_14"] = 100 * plus / f.atr_14
    f["minus_di_14"] = 100 * minus / f.atr_14
    dx = 100 * (f.plus_di_14 - f.minus_di_14).abs() / (f.plus_di_14 + f.minus_di_14)
    f["adx_14"] = dx.ewm(alpha=1 / 14, adjust=False).mean()
    change = close.diff()
    gain = change.clip(lower=0).ewm(alpha=1 / 14, adjust=False).mean()
    loss = (-change).clip(lower=0).ewm(alpha=1 / 14, adjust=False).mean()
    f["rsi_14"] = 100 * gain / (gain + loss)
    lowest, highest = low.rolling(14).min(), high.rolling(14).max()
    f["stoch_k"] = (100 * (close - lowest) / (highest - lowest)).rolling(3).mean()
    f["stoch_d"] = f.stoch_k.rolling(3).mean()
    f["roc_10"] = 100 * (close / close.shift(10) - 1)
    sd = close.rolling(20).std(ddof=0)
    f["upper"], f["middle"], f["lower"] = f.sma_20 + 2 * sd, f.sma_20, f.sma_20 - 2 * sd
    f["width"] = 4 * sd / f.sma_20
    f["percent"] = (close - f.lower) / (f.upper - f.lower)
    f["obv"] = (np.sign(change).fillna(0) * volume).cumsum()
    typical = (high + low + close) / 3
    flow, rise = typical * volume, typical.diff()
    rising, falling = flow.where(rise > 0, 0).rolling(14).sum(), flow.where(rise < 0, 0).rolling(14).sum()
    f["mfi_14"] = 100 * rising / (rising + falling)
    f["cvd"] = (2 * candles.taker_buy_volume - volume).cumsum()
    f["taker_ratio"] = candles.taker_buy_volume / volume
    for lag in (1, 5, 10, 15):
        f[f"return_{lag}"] = close / close.shift(lag) - 1
    f["log_return_1"] = np.log(close / last)
    when = pd.to_datetime(candles.open_time, unit="ms", utc=True)
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
    return f.shape[1]


def main():
    days, out, *paths = sys.argv[1:]
    serve(lambda: {"note": f"pandas: {refine(paths, int(days), out)} columns"})


main()
