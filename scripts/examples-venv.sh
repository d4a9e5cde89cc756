#!/bin/sh
# Makes .cache/venv-examples, a Python that can run examples/*.py and the notebook. Says why if it cannot.
set -u
cd "$(dirname "$0")/.."

VENV=.cache/venv-examples
WHEELS="pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.0 scikit-learn==1.9.1 nbclient==0.11.0 ipykernel==7.4.0"
# The build for Linux and Windows without a GPU, a tenth of the size; elsewhere the plain one has none anyway.
case "$(uname -s)" in
  Darwin) WHEELS="$WHEELS xgboost==3.2.0" ;;
  *) WHEELS="$WHEELS xgboost-cpu==3.2.0" ;;
esac

IMPORTS='import duckdb, ipykernel, nbclient, pandas, polars, pyarrow, sklearn, xgboost'
if "$VENV/bin/python" -c "$IMPORTS" 2>/dev/null; then
  exit 0
elif ! command -v python3 >/dev/null 2>&1 || ! python3 -m venv "$VENV" 2>/dev/null; then
  echo "examples: not run, python3 with venv is not here"
elif ! "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --only-binary :all: \
  $WHEELS; then
  echo "examples: not run, pip could not install $WHEELS"
  rm -rf "$VENV"
fi
