"""Loads a training pack made by `npx lake dataset … --out DIR` in pandas, polars and DuckDB, one line each.

    pip install pandas pyarrow polars duckdb
    python examples/load_pack.py DIR

Each line gives all rows of all symbols. A fold column says what a row is in that fold: 1 train, 2 test, -1 purged or
embargoed, 0 not used. `scaling.parquet` has the statistics of every feature over the training rows of every fold, and
`manifest.json` the dataset id, the columns, and the scores of the naive baselines that a model has to beat.
"""

import json
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl


def main(pack: str) -> None:
    by_pandas = pd.read_parquet(f"{pack}/data")
    by_polars = pl.read_parquet(f"{pack}/data/*.parquet")
    by_duckdb = duckdb.sql(f"SELECT * FROM '{pack}/data/*.parquet'")

    manifest = json.loads(Path(pack, "manifest.json").read_text())
    features, fold = manifest["features"], manifest["folds"][0]["name"]
    print("pandas", *by_pandas.shape)
    print("polars", *by_polars.shape)
    print("duckdb", *by_duckdb.shape)

    # What a model is given in the first fold: scaled by that fold's training rows, and weighted by uniqueness.
    scaling = pd.read_parquet(f"{pack}/scaling.parquet").query("fold == @fold").set_index("feature").loc[features]
    train, test = by_pandas[by_pandas[fold] == 1], by_pandas[by_pandas[fold] == 2]
    x_train = (train[features] - scaling["mean"]) / scaling["std"]
    x_test = (test[features] - scaling["mean"]) / scaling["std"]
    print(fold, "train", *x_train.shape, "test", *x_test.shape)
    off = max(x_train.mean().abs().max(), (x_train.std(ddof=0) - 1).abs().max())
    print("scaled to mean 0 and deviation 1 within", f"{off:.0e}")
    print("weights sum to", f"{train['weight'].sum():.6g}")
    print("to beat", json.dumps(manifest["folds"][0]["baselines"]))


if __name__ == "__main__":
    main(sys.argv[1])
