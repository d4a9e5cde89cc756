#!/bin/sh
# Python libraries that the benchmarks are compared with, in .cache/bench-venv. Each is optional: one that cannot be
# installed here is named and left out. CANDLELAKE_BENCH_PYTHON then overrides the Python that the benchmarks use.
set -eu
cd "$(dirname "$0")/.."
venv=.cache/bench-venv
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
# TA-Lib 0.6 is the one that the feature table names; 0.8 is faster (docs/performance.md).
for package in numpy pandas pyarrow TA-Lib==0.6.8 pandas-ta-classic polars polars-talib vectorbt; do
  if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary=:all: "$package"; then
    echo "$package: there"
  else
    echo "$package: cannot be installed here, left out"
  fi
done
