"""Adds to test/features/goldens what TA-Lib and pandas make of the volatility, volume, pattern and statistics columns.

    /tmp/goldens/bin/python scripts/goldens/make_flow_and_patterns.py

Runs in the environment of make_goldens.py, on the candles that it has written. Beside those shapes, `patterns/` holds
short candles on a coarse grid of prices, made here from a fixed seed so that every pattern comes up many times and many
candles are exactly as long as the average to which TA-Lib compares them; what TA-Lib finds is listed as row and sign.
"""

import numpy as np
import pandas as pd
import talib
from talib import abstract

from make_goldens import OUT, write

PATTERNS = {
    "cdl_doji": "CDLDOJI",
    "cdl_hammer": "CDLHAMMER",
    "cdl_inverted_hammer": "CDLINVERTEDHAMMER",
    "cdl_hanging_man": "CDLHANGINGMAN",
    "cdl_shooting_star": "CDLSHOOTINGSTAR",
    "cdl_engulfing": "CDLENGULFING",
    "cdl_harami": "CDLHARAMI",
    "cdl_piercing": "CDLPIERCING",
    "cdl_dark_cloud_cover": "CDLDARKCLOUDCOVER",
    "cdl_morning_star": "CDLMORNINGSTAR",
    "cdl_evening_star": "CDLEVENINGSTAR",
    "cdl_three_white_soldiers": "CDL3WHITESOLDIERS",
    "cdl_three_black_crows": "CDL3BLACKCROWS",
    "cdl_marubozu": "CDLMARUBOZU",
    "cdl_spinning_top": "CDLSPINNINGTOP",
}
PENETRATION = {"CDLDARKCLOUDCOVER": 0.5, "CDLMORNINGSTAR": 0.3, "CDLEVENINGSTAR": 0.3}


def pattern(name, c):
    """Sign of the pattern; undefined in TA-Lib's lookback, although its wrapper says 0 there."""
    function = abstract.Function(PATTERNS[name])
    if PATTERNS[name] in PENETRATION:
        function.parameters = {"penetration": PENETRATION[PATTERNS[name]]}
    prices = [c[column].to_numpy(dtype=float) for column in ["open", "high", "low", "close"]]
    found = np.sign(function(*prices)).astype(float)
    found[: function.lookback] = np.nan
    return found


def from_talib(c):
    high, low, close, volume = (c[name].to_numpy() for name in ["high", "low", "close", "volume"])
    return {
        "trange": talib.TRANGE(high, low, close),
        "natr_14": talib.NATR(high, low, close, 14),
        "stddev_20": talib.STDDEV(close, 20, 1),
        "ad": talib.AD(high, low, close, volume),
        "adosc_3_10": talib.ADOSC(high, low, close, volume, 3, 10),
        "volume_sma_20": talib.SMA(volume, 20),
        **{name: pattern(name, c) for name in PATTERNS},
    }


def of_windows(series, rows, function):
    """Every window on its own: pandas' rolling sums keep a residue of what has left."""
    return series.rolling(rows).apply(function, raw=False)


def unless_equal(function):
    """Undefined if the values of the window differ by no more than the rounding of a log return."""
    return lambda window: function(window) if window.std() > 1e-14 else np.nan


def autocorrelation(window):
    off = (window - window.mean()).to_numpy()
    return (off[1:] * off[:-1]).sum() / (off * off).sum()


def from_pandas(c):
    close = c["close"]
    returns = np.log(close / close.shift())

    def zscore(rows):
        deviation = of_windows(close, rows, pd.Series.std)
        return (close - of_windows(close, rows, pd.Series.mean)) / deviation.where(deviation != 0)

    return {
        "realized_vol_20": of_windows(returns, 20, pd.Series.std),
        "zscore_20": zscore(20),
        "zscore_50": zscore(50),
        "skew_50": of_windows(returns, 50, unless_equal(pd.Series.skew)),
        "kurtosis_50": of_windows(returns, 50, unless_equal(pd.Series.kurt)),
        "autocorr_50_1": of_windows(returns, 50, unless_equal(autocorrelation)),
        "percent_rank_100": close.rolling(100).rank(pct=True),
    }


# Candles of the rarer patterns in ticks: jump from the close before, body, upper and lower shadow.
TEMPLATES = [
    [(0, -7, 0, 1), (-3, 7, 0, 0)],
    [(0, 7, 1, 0), (3, -7, 0, 0)],
    [(0, -7, 1, 1), (-2, -1, 0, 0), (1, 6, 0, 0)],
    [(0, 7, 1, 1), (2, 1, 0, 0), (-1, -6, 0, 0)],
    [(0, 5, 0, 1), (-1, 5, 0, 1), (-1, 6, 0, 1)],
    [(0, 4, 1, 1), (0, -5, 1, 0), (2, -5, 1, 0), (2, -6, 1, 0)],
]


def pattern_candles(rows=2400, seed=8):
    """Candles of a few ticks at random, and among them the templates, most of them with something changed by a tick."""
    random = np.random.default_rng(seed)
    price, table = 500, []
    while len(table) < rows:
        if random.random() < 0.25:
            candles = [
                [int(ticks + random.integers(-1, 2) * (random.random() < 0.15)) for ticks in candle]
                for candle in TEMPLATES[random.integers(len(TEMPLATES))]
            ]
        else:
            body = int(random.integers(0, 9 if random.random() < 0.4 else 3) * random.choice([-1, 1]))
            shadows = [int(random.integers(0, 7 if random.random() < 0.3 else 2)) for _ in range(2)]
            candles = [[int(random.integers(-3, 4)) if random.random() < 0.6 else 0, body, *shadows]]
        for jump, body, upper, lower in candles:
            opened = price + jump - (1 if price > 700 else -1 if price < 300 else 0)
            price = opened + body
            top, bottom = max(opened, price) + max(upper, 0), min(opened, price) - max(lower, 0)
            table.append([opened, top, bottom, price])
    frame = pd.DataFrame(table[:rows], columns=["open", "high", "low", "close"]) / 10
    # A spike, of which something stays in TA-Lib's running totals and decides ties from there on.
    frame.loc[rows // 2, ["high", "close"]] = 98765432.1
    return frame


def main():
    shapes = list(pd.read_csv(OUT / "talib" / "sma_20.csv", nrows=0).columns)
    candles = {name: pd.read_csv(OUT / "candles" / f"{name}.csv").astype(float) for name in shapes}
    for folder, compute in [("talib", from_talib), ("statistics", from_pandas)]:
        results = {name: compute(frame) for name, frame in candles.items()}
        for column in results["walk"]:
            write(folder, column, pd.DataFrame({name: pd.Series(r[column]) for name, r in results.items()}))
    write("patterns", "candles", pattern_candles())
    frame = pd.read_csv(OUT / "patterns" / "candles.csv").astype(float)
    for name in PATTERNS:
        signs = pattern(name, frame)
        rows = np.flatnonzero(np.nan_to_num(signs))
        write("patterns", name, pd.DataFrame({"row": rows, "sign": signs[rows].astype(int)}))
        print(name, len(rows))


if __name__ == "__main__":
    main()
