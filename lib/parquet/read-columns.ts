import { parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Columns of a Parquet file as doubles: null as NaN, times as epoch milliseconds. The others are not decoded. */
export async function readColumns<Name extends string>(
  parquet: Uint8Array,
  rows: number,
  names: readonly Name[],
): Promise<Record<Name, Float64Array>> {
  const columns = Object.fromEntries(names.map((name) => [name, new Float64Array(rows)])) as Record<Name, Float64Array>;
  const { buffer, byteOffset, byteLength } = parquet;
  await parquetRead({
    file: {
      byteLength,
      slice: (start, end = byteLength) => buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer,
    },
    columns: [...names],
    compressors,
    parsers: { timestampFromMilliseconds: Number },
    onChunk({ columnName, columnData, rowStart }) {
      const column = columns[columnName as Name];
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i] ?? Number.NaN;
    },
  });
  return columns;
}
