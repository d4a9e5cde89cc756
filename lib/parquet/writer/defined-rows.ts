import type { ColumnSchema } from '../../domain/table-schema.ts';
import type { ByteWriter } from './byte-writer.ts';
import { refuseNulls } from './chunk-encoder.ts';
import { appendFullLevels, appendLevels } from './levels.ts';
import { PAGE_ROWS } from './page-memory.ts';

/** Notes which rows of a page are null, and writes their levels. */
export class DefinedRows {
  private readonly bits = new Uint8Array(PAGE_ROWS / 8);
  private readonly column: ColumnSchema;

  constructor(column: ColumnSchema) {
    this.column = column;
  }

  /** Marks all rows as defined, before a page. */
  reset(rows: number): void {
    this.bits.fill(0xff, 0, rows >> 3);
    if (rows & 7) this.bits[rows >> 3] = (1 << (rows & 7)) - 1;
  }

  /** Marks a row of the page as null. */
  markNull(row: number): void {
    this.bits[row >> 3]! &= ~(1 << (row & 7));
  }

  /**
   * Appends the levels, if the column has any.
   * @throws Error if it has none and there are nulls
   */
  append(out: ByteWriter, rows: number, nulls: number): void {
    refuseNulls(this.column, nulls);
    if (!this.column.nullable) return;
    if (nulls === 0) appendFullLevels(out, rows);
    else appendLevels(out, this.bits.subarray(0, Math.ceil(rows / 8)), rows);
  }
}
