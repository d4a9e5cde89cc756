#!/bin/sh
# Runs every Athena view and named query on a real Trino server over a simulated lake and compares the answers with
# DuckDB's.
# The server comes from Maven Central and stays in .cache/trino: 0.65 GB to fetch, 0.25 GB kept.
set -eu
cd "$(dirname "$0")/.."

# Runs on Java 11 and 17, and is on mirrors of Maven Central that do not hold every version.
VERSION=${TRINO_VERSION:-368}
HOME_FOLDER=.cache/trino/trino-server-$VERSION

if ! java -version >/dev/null 2>&1; then
  echo "test:trino: skipped, java is not here"
  exit 0
fi
JAVA=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
if [ "$JAVA" -lt 11 ]; then
  echo "test:trino: skipped, java is $JAVA, needed is 11 or later"
  exit 0
fi
if [ ! -d "$HOME_FOLDER" ]; then
  if ! mvn -version >/dev/null 2>&1; then
    echo "test:trino: skipped, mvn is not here to fetch Trino with"
    exit 0
  fi
  mkdir -p .cache/trino
  if ! mvn --batch-mode --no-transfer-progress org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    "-Dartifact=io.trino:trino-server:$VERSION:tar.gz" "-DoutputDirectory=$PWD/.cache/trino" \
    >.cache/trino/mvn.log 2>&1; then
    echo "test:trino: skipped, io.trino:trino-server:$VERSION could not be fetched: see .cache/trino/mvn.log"
    exit 0
  fi
  # The jars are hard links to one another across plugins: all are unpacked before those not needed go.
  rm -rf .cache/trino/unpacked
  mkdir .cache/trino/unpacked
  tar -xzf ".cache/trino/trino-server-$VERSION.tar.gz" -C .cache/trino/unpacked
  find ".cache/trino/unpacked/trino-server-$VERSION/plugin" -mindepth 1 -maxdepth 1 ! -name hive -exec rm -rf {} +
  mv ".cache/trino/unpacked/trino-server-$VERSION" "$HOME_FOLDER"
  rm -rf .cache/trino/unpacked ".cache/trino/trino-server-$VERSION.tar.gz"
fi
exec node --import tsx test/trino/compare-with-duckdb.ts "$HOME_FOLDER"
