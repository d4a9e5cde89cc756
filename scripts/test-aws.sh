#!/bin/sh
# Deploys the app into an AWS emulator (moto, in .cache/venv-moto) and runs it there. Arguments go to jest. With the
# one argument `install` it only installs the emulator.
set -eu
cd "$(dirname "$0")/.."

VERSION=5.2.5
VENV=.cache/venv-moto

skip() {
  echo "test:aws: skipped, $1"
  exit 0
}
command -v python3 >/dev/null 2>&1 || skip "python3 is not here"
python3 -m venv --help >/dev/null 2>&1 || skip "python3 has no venv"
installed() { "$VENV/bin/python" -c 'import importlib.metadata as m; print(m.version("moto"))' 2>/dev/null; }
if [ "$(installed)" != "$VERSION" ]; then
  python3 -m venv "$VENV" >/dev/null 2>&1 || skip "python3 -m venv failed"
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --retries 1 --timeout 20 \
    "moto[server,stepfunctions]==$VERSION" ||
    skip "pip could not install moto $VERSION"
fi

[ "${1:-}" = install ] && exit 0

exec node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js \
  --config test/aws/jest.config.mjs "$@"
