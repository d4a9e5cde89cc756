"""Writes the goldens of the sections Trend and Momentum: what TA-Lib makes of the candles of make_goldens.py.

    /tmp/goldens/bin/python scripts/goldens/trend_momentum.py

Reads the candles in test/features/goldens/candles. make_goldens.py says how to install TA-Lib, and the format of the
files.
"""

import pandas as pd
import talib

import make_goldens

SMA, EMA = 0, 1


def trend(c):
    high, low, close = (c[name].to_numpy() for name in ["high", "low", "close"])
    down, up = talib.AROON(high, low, 25)
    return {
        **{f"sma_{length}": talib.SMA(close, length) for length in [7, 50, 100, 200]},
        **{f"ema_{length}": talib.EMA(close, length) for length in [9, 12, 26, 50, 100]},
        "wma_20": talib.WMA(close, 20),
        "dema_20": talib.DEMA(close, 20),
        "tema_20": talib.TEMA(close, 20),
        "kama_10": talib.KAMA(close, 10),
        "ppo_12_26": talib.PPO(close, 12, 26, EMA),
        "adxr_14": talib.ADXR(high, low, close, 14),
        "aroon_25_up": up,
        "aroon_25_down": down,
        "aroon_25_osc": talib.AROONOSC(high, low, 25),
        "sar_0p02_0p2": talib.SAR(high, low, 0.02, 0.2),
        "linearreg_14": talib.LINEARREG(close, 14),
        "linearreg_slope_14": talib.LINEARREG_SLOPE(close, 14),
        "trix_15": talib.TRIX(close, 15),
    }


def momentum(c):
    opened, high, low, close = (c[name].to_numpy() for name in ["open", "high", "low", "close"])
    k, d = talib.STOCHRSI(close, 14, 14, 3, SMA)
    return {
        "rsi_7": talib.RSI(close, 7),
        "rsi_21": talib.RSI(close, 21),
        "stochrsi_14_14_3_k": k,
        "stochrsi_14_14_3_d": d,
        "willr_14": talib.WILLR(high, low, close, 14),
        "roc_5": talib.ROC(close, 5),
        "roc_20": talib.ROC(close, 20),
        "mom_10": talib.MOM(close, 10),
        "ultosc_7_14_28": talib.ULTOSC(high, low, close, 7, 14, 28),
        "cmo_14": talib.CMO(close, 14),
        "bop": talib.BOP(opened, high, low, close),
    }


def main():
    folder = make_goldens.OUT / "candles"
    candles = {name: pd.read_csv(folder / f"{name}.csv").astype(float) for name in make_goldens.shapes()}
    for compute in [trend, momentum]:
        results = {name: compute(frame) for name, frame in candles.items()}
        for column in results["walk"]:
            frame = pd.DataFrame({name: pd.Series(r[column]) for name, r in results.items()})
            make_goldens.write("talib", column, frame)
    print(f"TA-Lib {talib.__ta_version__.decode()}")


if __name__ == "__main__":
    main()
