"""Loads a training pack made by `npx lake dataset … --out DIR` in pandas, polars and DuckDB, one line each.

    pip install pandas pyarrow polars duckdb
    python examples/load_pack.py DIR

Each line gives all rows of all symbols. A fold column holds the role of a row in that fold: see the constants below.
`scaling.parquet` has the statistics of every feature over the training rows of every fold. `manifest.json` has the
dataset id, the features, the meaning of the other columns, and the scores of the naive baselines that a model has to
beat. train_model.py and train_model.ipynb import this file.
"""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl

PURGED, UNUSED, TRAIN, TEST, PREDICT = -1, 0, 1, 2, 3


def load(pack: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Returns the rows of a pack, by symbol and time, and its manifest."""
    rows = pd.read_parquet(f"{pack}/data").sort_values(["symbol", "open_time"], ignore_index=True)
    return rows, json.loads(Path(pack, "manifest.json").read_text())


def scaled(pack: str, rows: pd.DataFrame, features: list[str], fold: str) -> pd.DataFrame:
    """Returns the features with mean 0 and deviation 1 over the training rows of a fold."""
    statistics = pd.read_parquet(f"{pack}/scaling.parquet").query("fold == @fold").set_index("feature").loc[features]
    return (rows[features] - statistics["mean"]) / statistics["std"]


def follows(rows: pd.DataFrame) -> np.ndarray:
    """Returns, for each row, whether it is the candle after the row before it, of the same symbol."""
    before = rows.shift(1)
    return ((rows["symbol"] == before["symbol"]) & (rows["open_time"] == before["t0"])).to_numpy()


def next_open(rows: pd.DataFrame) -> pd.Series:
    """Returns the open price of the next candle, at which a backtest can trade; NaN if the pack lacks that candle."""
    return rows["open"].shift(-1).where(np.append(follows(rows)[1:], False))


def windows(
    rows: pd.DataFrame, features: list[str], length: int, fold: str, role: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns sequences for an LSTM: all runs of `length` rows that have the role in the fold.

    No window crosses a gap, a symbol or the boundary of the role. The first array has the shape (windows, length,
    features). The second has the position of the last row of each window, whose label is the target.
    """
    own = (rows[fold] == role).to_numpy()
    run = np.zeros(len(rows), dtype=int)
    for i, (is_own, is_next) in enumerate(zip(own, follows(rows))):
        run[i] = (run[i - 1] if i > 0 and is_next else 0) + 1 if is_own else 0
    last = np.flatnonzero(run >= length)
    values = rows[features].to_numpy(dtype=np.float32)
    return values[last[:, None] + np.arange(1 - length, 1)], last


def main(pack: str) -> None:
    by_pandas = pd.read_parquet(f"{pack}/data")
    by_polars = pl.read_parquet(f"{pack}/data/*.parquet")
    by_duckdb = duckdb.sql(f"SELECT * FROM '{pack}/data/*.parquet'")
    print("pandas", *by_pandas.shape)
    print("polars", *by_polars.shape)
    print("duckdb", *by_duckdb.shape)

    # The input of a model in the first fold: scaled by that fold's training rows, and weighted by uniqueness.
    rows, manifest = load(pack)
    features, fold = manifest["features"], manifest["folds"][0]["name"]
    x = scaled(pack, rows, features, fold)
    x_train, x_test = x[rows[fold] == TRAIN], x[rows[fold] == TEST]
    print(fold, "train", *x_train.shape, "test", *x_test.shape)
    off = max(x_train.mean().abs().max(), (x_train.std(ddof=0) - 1).abs().max())
    print("scaled to mean 0 and deviation 1 within", f"{off:.0e}")
    print("weights sum to", f"{rows.loc[rows[fold] == TRAIN, 'weight'].sum():.6g}")
    print("to beat", json.dumps(manifest["folds"][0]["baselines"]))


if __name__ == "__main__":
    main(sys.argv[1])
