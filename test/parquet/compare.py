"""Compares files of two writers: compare.py <folder> <name> ... reads <name>.ours.parquet and <name>.theirs.parquet."""

import sys

import pyarrow.parquet as pq


def statistics(column):
    found = column.statistics
    if not found:
        return ()
    bounds = (repr(found.min_raw), repr(found.max_raw)) if found.has_min_max else None
    return (found.null_count, bounds)


def facts(path):
    metadata = pq.ParquetFile(path).metadata
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    return [[statistics(group.column(c)) for c in range(group.num_columns)] for group in groups]


def difference(folder, name):
    ours, theirs = (f"{folder}/{name}.{writer}.parquet" for writer in ("ours", "theirs"))
    left, right = pq.read_table(ours), pq.read_table(theirs)
    if not left.schema.equals(right.schema):
        return f"schemas: {left.schema} {right.schema}"
    if not left.equals(right):
        columns = [column for column in left.column_names if not left[column].equals(right[column])]
        return f"values of {columns}"
    if facts(ours) != facts(theirs):
        return f"statistics: {facts(ours)} {facts(theirs)}"
    return None


folder, names = sys.argv[1], sys.argv[2:]
found = [(name, difference(folder, name)) for name in names]
for name, what in found:
    if what:
        print(name, what[:500])
if not any(what for _, what in found):
    print(len(names), "equal")
