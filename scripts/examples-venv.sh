#!/bin/sh
# Makes .cache/venv-examples, a Python that can run examples/load_pack.py; says why where it cannot.
set -u
cd "$(dirname "$0")/.."

VENV=.cache/venv-examples
WHEELS="pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.0"

if "$VENV/bin/python" -c 'import duckdb, pandas, polars, pyarrow' 2>/dev/null; then
  exit 0
elif ! command -v python3 >/dev/null 2>&1 || ! python3 -m venv "$VENV" 2>/dev/null; then
  echo "examples: not run, python3 with venv is not here"
elif ! "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: $WHEELS; then
  echo "examples: not run, pip could not install $WHEELS"
  rm -rf "$VENV"
fi
