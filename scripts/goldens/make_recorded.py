"""Writes test/features/goldens/recorded: what TA-Lib makes of recorded candles, every 60th row.

    /tmp/goldens/bin/python scripts/goldens/make_recorded.py ../shared/data

Runs in the environment of make_goldens.py. The argument is the folder of recorded market data. Its candles are read and
not written: the files hold only TA-Lib's values, and the test that reads them needs the same recorded candles.
"""

import pathlib
import sys

import pandas as pd
import talib

import make_flow_and_patterns
import make_goldens
import trend_momentum

SERIES = {
    "um-BTCUSDT-1h": "futures-um/klines-12col/BTCUSDT/1h/BTCUSDT-1h-2026-07.csv.gz",
    "um-FILUSDT-1m": "futures-um/klines-12col/FILUSDT/1m/FILUSDT-1m-2023-09.csv.gz",
    "spot-BTCUSDT-2h": "spot/klines-12col/BTCUSDT/2h/BTCUSDT-2h-2017-08_2026-04.csv.gz",
}
ROWS = 3000
EVERY = 60
MODULES = [
    make_goldens.from_talib,
    trend_momentum.trend,
    trend_momentum.momentum,
    make_flow_and_patterns.from_talib,
]


def main():
    data = pathlib.Path(sys.argv[1])
    for name, path in SERIES.items():
        candles = pd.read_csv(data / path).head(ROWS).astype(float)
        columns = {}
        for compute in MODULES:
            columns.update(compute(candles))
        frame = pd.DataFrame({column: columns[column] for column in sorted(columns)})
        frame.insert(0, "row", range(len(frame)))
        sampled = frame.iloc[EVERY - 1 :: EVERY]
        folder = make_goldens.OUT / "recorded"
        folder.mkdir(parents=True, exist_ok=True)
        sampled.to_csv(folder / f"{name}.csv", index=False, float_format="%.12g", lineterminator="\n")
    print(f"TA-Lib {talib.__ta_version__.decode()}, {len(columns)} columns")


if __name__ == "__main__":
    main()
