#!/bin/sh
# Python libraries that the benchmarks are compared with, in .cache/bench-venv, for Python 3.11 and later. Each is
# optional: one that cannot be installed here is named and left out. CANDLELAKE_BENCH_PYTHON overrides the Python that
# the benchmarks use. A new version of a peer is a change of docs/performance.md.
set -eu
cd "$(dirname "$0")/.."
venv=.cache/bench-venv
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
# TA-Lib 0.6 is the one that the feature table names; polars-talib has 0.8, which is faster (docs/performance.md).
for package in numpy==2.4.6 pandas==3.1.1 pyarrow==26.0.1 TA-Lib==0.6.8 pandas-ta-classic==0.8.32 polars==2.1.0 \
  polars-talib==0.2.1 vectorbt==1.2.0; do
  if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary=:all: "$package"; then
    echo "$package: there"
  else
    echo "$package: cannot be installed here, left out"
  fi
done
