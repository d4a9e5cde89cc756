"""Trains XGBoost on a training pack and scores it on each walk-forward fold, beside the naive baselines.

    pip install pandas pyarrow polars duckdb scikit-learn xgboost
    python examples/train_model.py DIR

The label must be a class: signal, tb_2_20 or trend_up_15. `label_class` counts from 0, as XGBoost expects; the manifest
has the meaning of each number. A fold is trained on its training rows only, weighted by uniqueness, and scored on its
test rows. If the pack has a hold-out, the last row of the table scores it: look at it once, when all else is decided.
If the pack was made with --with-unlabelled, a model of all labelled rows predicts the newest ones.
"""

import sys
from typing import Any

import pandas as pd
from sklearn.metrics import accuracy_score, balanced_accuracy_score
from xgboost import XGBClassifier

from load_pack import TEST, TRAIN, load


def train(rows: pd.DataFrame, features: list[str]) -> XGBClassifier:
    """Returns a model of these rows, weighted by uniqueness."""
    model = XGBClassifier(n_estimators=60, max_depth=3, learning_rate=0.1, n_jobs=1, random_state=0)
    return model.fit(rows[features], rows["label_class"].astype(int), sample_weight=rows["weight"])


def score(rows: pd.DataFrame, features: list[str], fold: str) -> dict[str, float]:
    """Trains on the training rows of a fold. Returns the scores on its test rows."""
    test = rows[rows[fold] == TEST]
    model = train(rows[rows[fold] == TRAIN], features)
    actual, predicted = test["label_class"].astype(int), model.predict(test[features])
    return {
        "accuracy": accuracy_score(actual, predicted),
        "balanced_accuracy": balanced_accuracy_score(actual, predicted),
    }


def score_folds(rows: pd.DataFrame, manifest: dict[str, Any]) -> pd.DataFrame:
    """Returns the accuracy of the model and of each baseline, a row per walk-forward fold and one for the hold-out."""
    folds = [fold for fold in manifest["folds"] if fold["kind"] == "walk_forward"]
    scores = {}
    for fold in folds + ([manifest["holdOut"]] if "holdOut" in manifest else []):
        model = score(rows, manifest["features"], fold["name"])
        baselines = {name: of["accuracy"] for name, of in fold["baselines"].items()}
        scores[fold["name"]] = {"model": model["accuracy"], **baselines, "balanced": model["balanced_accuracy"]}
    return pd.DataFrame(scores).T


def verdict(scores: pd.DataFrame) -> str:
    """Compares the model with the best baseline over the walk-forward folds. The hold-out has no say."""
    folds = scores.drop(index="hold_out", errors="ignore").drop(columns="balanced")
    best = folds.drop(columns="model").mean().idxmax()
    gain = folds["model"] - folds[best]
    error = gain.std() / len(gain) ** 0.5
    is_better = "is better" if gain.mean() > 2 * error else "is no better"
    comparison = f"the model {is_better} than {best}, the best baseline"
    return f"{comparison}: accuracy {gain.mean():+.3f} ± {error:.3f} over the folds"


def predict(rows: pd.DataFrame, features: list[str]) -> pd.DataFrame:
    """Returns the probability of each class for the rows whose label is not decided yet."""
    newest = rows[rows["label"].isna()]
    chances = train(rows[rows["label"].notna()], features).predict_proba(newest[features])
    return newest[["symbol", "open_time"]].join(pd.DataFrame(chances, index=newest.index).add_prefix("class "))


def main(pack: str) -> None:
    rows, manifest = load(pack)
    if "classes" not in manifest["label"]:
        sys.exit(f"label must be a class such as signal, got {manifest['label']['column']}")
    print("dataset", manifest["id"])
    for of in manifest["label"]["classes"]:
        print(f"class {of['class']}: {manifest['label']['column']} = {of['value']}, {of['rows']} rows, {of['meaning']}")
    scores = score_folds(rows, manifest)
    print("accuracy on the test rows of each fold, and balanced accuracy of the model")
    print(scores.round(3).to_string())
    print(verdict(scores))
    if manifest["unlabelled"] > 0:
        print("probabilities for the newest rows")
        print(predict(rows, manifest["features"]).tail(3).to_string(index=False, float_format="%.3f"))


if __name__ == "__main__":
    main(sys.argv[1])
