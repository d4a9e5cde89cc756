"""Writes test/features/goldens: seeded candles of several shapes, and what TA-Lib and pandas make of them.

    python -m venv /tmp/goldens && /tmp/goldens/bin/pip install TA-Lib==0.6.8 numpy==2.4.6 pandas==3.1.1
    /tmp/goldens/bin/python scripts/goldens/make_goldens.py

One file of candles a shape; one file a feature with one column a shape. Values have 11 significant digits, enough to
compare to 1e-9; an empty cell is an undefined value (or the end of a shorter shape). The candles are made here from a
fixed seed: nothing in them is market data.
"""

import pathlib

import numpy as np
import pandas as pd
import talib

OUT = pathlib.Path(__file__).resolve().parents[2] / "test" / "features" / "goldens"
COLUMNS = ["open", "high", "low", "close", "volume", "taker_buy_volume"]
# Windows in days are tested on 4h candles: 6 a day.
A_DAY = 6


def walk(rows, seed, price=100.0, step=0.01, digits=2):
    """A random walk with wicks, prices rounded as an exchange's tick rounds them."""
    random = np.random.default_rng(seed)
    close = price * np.exp(np.cumsum(random.normal(0, step, rows)))
    opened = np.concatenate([[price], close[:-1]])
    high = np.maximum(opened, close) * (1 + random.exponential(step / 2, rows))
    low = np.minimum(opened, close) * (1 - np.minimum(0.5, random.exponential(step / 2, rows)))
    volume = random.lognormal(3, 1, rows)
    frame = pd.DataFrame({"open": opened, "high": high, "low": low, "close": close}).round(digits)
    frame["high"] = frame[["open", "high", "low", "close"]].max(axis=1)
    frame["low"] = frame[["open", "high", "low", "close"]].min(axis=1)
    frame["volume"] = volume.round(3)
    frame["taker_buy_volume"] = (volume * random.uniform(0, 1, rows)).round(3)
    return frame


def straight(prices, volume=8.0):
    """Candles without wicks through the given closes."""
    close = np.asarray(prices, dtype=float)
    opened = np.concatenate([close[:1], close[:-1]])
    return pd.DataFrame({
        "open": opened, "high": np.maximum(opened, close), "low": np.minimum(opened, close), "close": close,
        "volume": volume, "taker_buy_volume": volume / 4,
    })


def shapes():
    rows = 60
    ties = walk(rows, 2, price=10.0, step=0.05, digits=0)
    ties["volume"] = ties["volume"].round(0)
    ties["taker_buy_volume"] = (ties["volume"] / 2).round(0)
    silent = walk(rows, 3)
    silent.loc[[4, 5, 6, 30, *range(40, 50)], ["volume", "taker_buy_volume"]] = 0.0
    # Half flat, then a walk, then flat again: ranges, deviations and moves are zero for a while.
    pause = pd.concat([straight([64.0] * 24), walk(20, 4, price=64.0), ], ignore_index=True)
    pause = pd.concat([pause, straight([pause["close"].iloc[-1]] * 16)], ignore_index=True)
    spike = walk(rows, 5)
    spike.loc[25, ["high", "close"]] = [2500.0, 2400.0]
    spike.loc[25, "volume"] = 1e6
    return {
        "walk": walk(250, 1),
        "ties": ties,
        "silent": silent,
        "pause": pause,
        "spike": spike,
        "flat": straight([64.0] * 48),
        "rising": straight(64.0 + np.arange(48.0)),
        "falling": straight(128.0 - np.arange(48.0)),
        "large": walk(48, 6, price=5e7, step=0.02, digits=0),
        "small": walk(48, 7, price=2e-5, step=0.02, digits=9),
    }


def from_talib(c):
    """Columns that TA-Lib defines."""
    high, low, close, volume = (c[name].to_numpy() for name in ["high", "low", "close", "volume"])
    macd, signal, hist = talib.MACD(close, 12, 26, 9)
    upper, middle, lower = talib.BBANDS(close, 20, 2, 2, 0)
    k, d = talib.STOCH(high, low, close, 14, 3, 0, 3, 0)
    return {
        "sma_20": talib.SMA(close, 20),
        "ema_20": talib.EMA(close, 20),
        "ema_200": talib.EMA(close, 200),
        "rsi_14": talib.RSI(close, 14),
        "macd_12_26_9": macd,
        "macd_12_26_9_signal": signal,
        "macd_12_26_9_hist": hist,
        "bbands_20_2_upper": upper,
        "bbands_20_2_middle": middle,
        "bbands_20_2_lower": lower,
        "atr_14": talib.ATR(high, low, close, 14),
        "adx_14": talib.ADX(high, low, close, 14),
        "plus_di_14": talib.PLUS_DI(high, low, close, 14),
        "minus_di_14": talib.MINUS_DI(high, low, close, 14),
        "stoch_14_3_3_k": k,
        "stoch_14_3_3_d": d,
        "obv": talib.OBV(close, volume),
        "mfi_14": talib.MFI(high, low, close, volume, 14),
        "cci_20": talib.CCI(high, low, close, 20),
        "roc_10": talib.ROC(close, 10),
    }


def deviation_of(series, rows, least):
    """Sample standard deviation of each window on its own: pandas' rolling .std() keeps a residue of what has left."""
    return series.rolling(rows, min_periods=least).apply(lambda window: np.nanstd(window, ddof=1), raw=True)


def from_pandas(c):
    """Columns that the original system defines, on 4h candles."""
    day, two_days, week = A_DAY, 2 * A_DAY, 7 * A_DAY
    high, low, close, volume = c["high"], c["low"], c["close"], c["volume"]
    ratio = c["taker_buy_volume"] / volume.where(volume != 0)
    returns = close.pct_change()
    # Values undefined inside the window are passed over while half of it is defined; the window itself must be full.
    full = pd.Series(np.arange(len(c)) >= two_days - 1)
    mean = ratio.rolling(two_days, min_periods=two_days // 2).mean().where(full)
    deviation = deviation_of(ratio, two_days, two_days // 2).where(full)
    volatility = deviation_of(returns, week, week)
    flags = {}
    for days in [1, 2, 7]:
        top = high.rolling(days * A_DAY).max()
        bottom = low.rolling(days * A_DAY).min()
        flags[f"near_top_{days}d"] = ((close < top) & (close >= top * 0.997)).astype(float).where(top.notna())
        near_bottom = (close > bottom) & (close <= bottom * 1.003)
        flags[f"near_bottom_{days}d"] = near_bottom.astype(float).where(bottom.notna())
    return {
        "candle_return": (returns * 100).round(2),
        "volume_mean_1d": volume.rolling(day).mean(),
        "volume_std_1d": deviation_of(volume, day, day),
        "taker_ratio_mean_2d": mean,
        "taker_ratio_std_2d": deviation,
        "taker_ratio_zscore_2d": (ratio - mean) / deviation.where(deviation != 0),
        "volatility_7d": volatility,
        "volume_ema_20": volume.ewm(span=20, adjust=False).mean(),
        "volatility_7d_ema_20": volatility.ewm(span=20, adjust=False).mean(),
        **flags,
    }


def write(folder, name, frame):
    path = OUT / folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, float_format="%.11g", lineterminator="\n")


def main():
    candles = shapes()
    for name, frame in candles.items():
        write("candles", name, frame[COLUMNS])
    # What was written is what is computed on.
    candles = {name: pd.read_csv(OUT / "candles" / f"{name}.csv") for name in candles}
    for folder, compute in [("talib", from_talib), ("pandas", from_pandas)]:
        results = {name: compute(frame.astype(float)) for name, frame in candles.items()}
        for column in results["walk"]:
            write(folder, column, pd.DataFrame({name: pd.Series(r[column]) for name, r in results.items()}))
    print(f"TA-Lib {talib.__ta_version__.decode()} numpy {np.__version__} pandas {pd.__version__}")


if __name__ == "__main__":
    main()
