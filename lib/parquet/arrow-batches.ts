import * as arrow from 'apache-arrow';
import { BadInput } from '../domain/errors.ts';
import type { ResultStream } from '../ports.ts';
import { arrowColumn } from './arrow-columns.ts';

/** The number of rows per batch, and so per row group of a Parquet file. 200 columns of doubles take 52 MB. */
export const BATCH_ROWS = 32_768;

/**
 * Cuts a result into Arrow batches of `BATCH_ROWS` rows. The batches of the engine do not matter, so the bytes written
 * depend on the rows alone. A result without rows gives one empty batch, because files need its columns.
 * @throws BadInput if two columns have the same name
 */
export async function* arrowBatches({ columns, batches }: ResultStream): AsyncGenerator<arrow.RecordBatch> {
  const names = columns.map(({ name }) => name);
  const double = names.find((name, i) => names.indexOf(name) !== i);
  if (double !== undefined) throw new BadInput(`sql must name each column differently, got two of '${double}'`);
  const collected = columns.map(({ name, type }) => arrowColumn(name, type, BATCH_ROWS));
  const schema = new arrow.Schema(collected.map(({ field }) => field));
  let [rows, isFirst] = [0, true];
  const take = () => {
    const children = collected.map((column) => column.take(rows));
    const struct = new arrow.Struct([...schema.fields]);
    const data = arrow.makeData({ type: struct, length: rows, nullCount: 0, children });
    [rows, isFirst] = [0, false];
    return new arrow.RecordBatch(schema, data);
  };
  for await (const batch of batches) {
    const length = batch[0]?.length ?? 0;
    for (let begin = 0; begin < length; ) {
      const count = Math.min(length - begin, BATCH_ROWS - rows);
      collected.forEach((column, c) => {
        const values = batch[c]!;
        for (let i = 0; i < count; i++) column.set(rows + i, values[begin + i]);
      });
      rows += count;
      begin += count;
      if (rows === BATCH_ROWS) yield take();
    }
  }
  if (rows > 0 || isFirst) yield take();
}
