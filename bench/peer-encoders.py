"""Writes the three tables of a shard as Parquet from memory, by polars or pyarrow. It answers rounds.

Arguments: library, a folder for what it writes, the files of candles, features and labels.
"""
import importlib.metadata
import os
import sys

from contestant import serve


def by_polars(paths, out):
    import polars as pl
    tables = [pl.read_parquet(path) for path in paths]

    def write():
        for table, path, codec in zip(tables, out, ("zstd", "snappy", "snappy")):
            level = {"compression_level": 1} if codec == "zstd" else {}
            table.write_parquet(path, compression=codec, **level)
    return write, "polars"


def by_pyarrow(paths, out):
    import pyarrow.parquet as pq
    tables = [pq.read_table(path) for path in paths]

    def write():
        for table, path, codec in zip(tables, out, ("zstd", "snappy", "snappy")):
            level = {"compression_level": 1} if codec == "zstd" else {}
            pq.write_table(table, path, compression=codec, use_dictionary=False, **level)
    return write, "pyarrow"


def main():
    library, folder, *paths = sys.argv[1:]
    out = [os.path.join(folder, f"{library}-{os.path.basename(path)}") for path in paths]
    write, package = {"polars": by_polars, "pyarrow": by_pyarrow}[library](paths, out)

    def run():
        write()
        size = sum(os.path.getsize(path) for path in out) / 2**20
        return {"note": f"{package} {importlib.metadata.version(package)}: {size:.1f} MiB"}

    serve(run)


main()
