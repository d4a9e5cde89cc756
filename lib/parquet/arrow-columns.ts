import * as arrow from 'apache-arrow';
import { BadInput } from '../domain/errors.ts';

/** Collects the values of one column of a result, and hands them out as Arrow data. */
export interface ArrowColumn {
  readonly field: arrow.Field;
  /** Stores a value as `QueryResult` has it, at a row below the capacity. */
  set(row: number, value: unknown): void;
  /** Returns the first rows as data of their own, and forgets them. */
  take(length: number): arrow.Data;
}

type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

type Maker = (name: string, capacity: number) => ArrowColumn;

/**
 * How the types of DuckDB and of Athena are stored, the first that fits. Times are UTC in this lake. Types that Arrow's
 * JavaScript library cannot write exactly (lists, structs, intervals) are stored as the text that JSON output has for
 * them.
 */
const TYPES: readonly (readonly [RegExp, Maker])[] = [
  [/^boolean$/i, booleans],
  [/^tinyint$/i, numbers(new arrow.Int8(), Int8Array)],
  [/^smallint$/i, numbers(new arrow.Int16(), Int16Array)],
  [/^int(eger)?$/i, numbers(new arrow.Int32(), Int32Array)],
  [/^bigint$/i, bigIntegers(new arrow.Int64(), BigInt64Array, (value) => BigInt(value as number | string))],
  [/^utinyint$/i, numbers(new arrow.Uint8(), Uint8Array)],
  [/^usmallint$/i, numbers(new arrow.Uint16(), Uint16Array)],
  [/^uinteger$/i, numbers(new arrow.Uint32(), Uint32Array)],
  [/^ubigint$/i, bigIntegers(new arrow.Uint64(), BigUint64Array, (value) => BigInt(value as number | string))],
  [/^(float|real)$/i, numbers(new arrow.Float32(), Float32Array)],
  [/^(double|u?hugeint|decimal.*)$/i, numbers(new arrow.Float64(), Float64Array)],
  [/^date$/i, numbers(new arrow.DateDay(), Int32Array, (value) => Math.floor(Date.parse(String(value)) / 86_400_000))],
  [/^timestamp/i, timestamps],
  [/^/, texts],
];

/** Returns a collector for a column of this name and engine's type. */
export function arrowColumn(name: string, type: string, capacity: number): ArrowColumn {
  const [, make] = TYPES.find(([pattern]) => pattern.test(type))!;
  return make(name, capacity);
}

/** Remembers which rows have a value. */
class Validity {
  private readonly capacity: number;
  private bits: Uint8Array;
  private nullCount = 0;
  constructor(capacity: number) {
    this.capacity = capacity;
    this.bits = new Uint8Array(Math.ceil(capacity / 8));
  }
  /** Returns true if the value is not null. */
  note(row: number, value: unknown): boolean {
    if (value === null || value === undefined) {
      this.nullCount++;
      return false;
    }
    this.bits[row >> 3]! |= 1 << (row & 7);
    return true;
  }
  take() {
    const taken = { nullBitmap: this.bits, nullCount: this.nullCount };
    this.bits = new Uint8Array(Math.ceil(this.capacity / 8));
    this.nullCount = 0;
    return taken;
  }
}

function numbers(
  type: arrow.DataType,
  Values: new (length: number) => NumberArray,
  convert: (value: unknown) => number = Number,
): Maker {
  return (name, capacity) => {
    const validity = new Validity(capacity);
    let data = new Values(capacity);
    return {
      field: new arrow.Field(name, type, true),
      set(row, value) {
        data[row] = validity.note(row, value) ? convert(value) : 0;
      },
      take(length) {
        const taken = arrow.makeData({ type, length, data: data.subarray(0, length), ...validity.take() } as never);
        data = new Values(capacity);
        return taken;
      },
    };
  };
}

function bigIntegers(
  type: arrow.DataType,
  Values: new (length: number) => BigInt64Array | BigUint64Array,
  convert: (value: unknown) => bigint,
): Maker {
  return (name, capacity) => {
    const validity = new Validity(capacity);
    let data = new Values(capacity);
    return {
      field: new arrow.Field(name, type, true),
      set(row, value) {
        data[row] = validity.note(row, value) ? convert(value) : 0n;
      },
      take(length) {
        const taken = arrow.makeData({ type, length, data: data.subarray(0, length), ...validity.take() } as never);
        data = new Values(capacity);
        return taken;
      },
    };
  };
}

/** @throws BadInput if a time has a fraction of a millisecond or is not a time of the calendar */
function timestamps(name: string, capacity: number): ArrowColumn {
  const convert = (value: unknown) => {
    const text = String(value);
    const timeMs = Date.parse(text);
    if (Number.isFinite(timeMs) && !/\.\d{3}\d*[1-9]\d*Z$/.test(text)) return BigInt(timeMs);
    throw new BadInput(
      `column ${name} must have whole milliseconds to be written, got ${text}: use date_trunc('millisecond', …)`,
    );
  };
  return bigIntegers(new arrow.TimestampMillisecond('UTC'), BigInt64Array, convert)(name, capacity);
}

function booleans(name: string, capacity: number): ArrowColumn {
  const type = new arrow.Bool();
  const validity = new Validity(capacity);
  const values = new Validity(capacity);
  return {
    field: new arrow.Field(name, type, true),
    set(row, value) {
      if (validity.note(row, value)) values.note(row, value === true ? true : null);
    },
    take(length) {
      return arrow.makeData({ type, length, data: values.take().nullBitmap, ...validity.take() });
    },
  };
}

function texts(name: string, capacity: number): ArrowColumn {
  const type = new arrow.Utf8();
  const validity = new Validity(capacity);
  let parts: Buffer[] = [];
  return {
    field: new arrow.Field(name, type, true),
    set(row, value) {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      parts[row] = Buffer.from(validity.note(row, value) ? text : '', 'utf8');
    },
    take(length) {
      const valueOffsets = new Int32Array(length + 1);
      for (let row = 0; row < length; row++) valueOffsets[row + 1] = valueOffsets[row]! + parts[row]!.length;
      const data = Buffer.concat(parts.slice(0, length));
      parts = [];
      return arrow.makeData({ type, length, valueOffsets, data, ...validity.take() });
    },
  };
}
