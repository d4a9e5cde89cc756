#!/bin/sh
# Synthesises the CDK app and checks its template with cfn-lint, which lives in .cache/venv.
# An argument is the folder of an assembly that is already synthesised, or `install`, which only installs cfn-lint.
set -eu
cd "$(dirname "$0")/.."

VERSION=1.58.0
VENV=.cache/venv

if ! command -v python3 >/dev/null 2>&1 || ! python3 -m venv --help >/dev/null 2>&1; then
  echo "cfn-lint: skipped, python3 with venv is not here"
  exit 0
fi
if [ "$("$VENV/bin/cfn-lint" --version 2>/dev/null)" != "cfn-lint $VERSION" ]; then
  python3 -m venv "$VENV" || { echo "cfn-lint: skipped, python3 -m venv failed"; exit 0; }
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile "cfn-lint==$VERSION" || {
    echo "cfn-lint: skipped, pip could not install cfn-lint $VERSION"
    exit 0
  }
fi

[ "${1:-}" = install ] && exit 0

ASSEMBLY=${1:-.cache/cfn-lint}
[ $# -gt 0 ] || npx cdk synth --quiet --output "$ASSEMBLY"
# W3005 (a DependsOn that a reference already implies) is off: CDK names the role beside the policy that must exist
# first.
"$VENV/bin/cfn-lint" --non-zero-exit-code informational --ignore-checks W3005 \
  --regions us-east-1 eu-central-1 ap-northeast-1 -- "$ASSEMBLY"/*.template.json
echo "cfn-lint: clean"
