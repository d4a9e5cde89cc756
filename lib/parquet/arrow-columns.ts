import * as arrow from 'apache-arrow';
import { BadInput } from '../domain/errors.ts';
import { DAY_MS } from '../domain/time-range.ts';

/** Collects the values of one column of a result and returns them as Arrow data. */
interface ArrowColumn {
  readonly field: arrow.Field;
  /** Stores a value in the form of `QueryResult`. The row must be below the capacity. */
  set(row: number, value: unknown): void;
  /** Returns the first rows as new data and begins again. */
  take(length: number): arrow.Data;
}

/** A typed array of a fixed width per value. */
interface FixedWidthArray<T> {
  [row: number]: T;
  subarray(begin: number, end: number): FixedWidthArray<T>;
}

type Maker = (name: string, capacity: number) => ArrowColumn;

/**
 * The Arrow type for each type of DuckDB and of Athena; the first pattern that matches counts. Times are UTC. Lists,
 * structs and intervals are stored as the text of their JSON output, because Arrow's JavaScript library cannot write
 * them exactly.
 */
const TYPES: readonly (readonly [RegExp, Maker])[] = [
  [/^boolean$/i, booleans],
  [/^tinyint$/i, fixedWidth(new arrow.Int8(), Int8Array, Number)],
  [/^smallint$/i, fixedWidth(new arrow.Int16(), Int16Array, Number)],
  [/^int(eger)?$/i, fixedWidth(new arrow.Int32(), Int32Array, Number)],
  [/^bigint$/i, fixedWidth(new arrow.Int64(), BigInt64Array, toBigInt)],
  [/^utinyint$/i, fixedWidth(new arrow.Uint8(), Uint8Array, Number)],
  [/^usmallint$/i, fixedWidth(new arrow.Uint16(), Uint16Array, Number)],
  [/^uinteger$/i, fixedWidth(new arrow.Uint32(), Uint32Array, Number)],
  [/^ubigint$/i, fixedWidth(new arrow.Uint64(), BigUint64Array, toBigInt)],
  [/^(float|real)$/i, fixedWidth(new arrow.Float32(), Float32Array, Number)],
  [/^(double|u?hugeint|decimal.*)$/i, fixedWidth(new arrow.Float64(), Float64Array, Number)],
  [/^date$/i, fixedWidth(new arrow.DateDay(), Int32Array, toDay)],
  [/^timestamp/i, timestamps],
  [/^/, texts],
];

/** Returns a collector for a column of this name and engine's type. */
export function arrowColumn(name: string, type: string, capacity: number): ArrowColumn {
  const [, make] = TYPES.find(([pattern]) => pattern.test(type))!;
  return make(name, capacity);
}

/** The bitmap of rows that have a value. */
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

function fixedWidth<T>(
  type: arrow.DataType,
  Values: new (capacity: number) => FixedWidthArray<T>,
  convert: (value: unknown) => T,
): Maker {
  return (name, capacity) => {
    const validity = new Validity(capacity);
    let data = new Values(capacity);
    return {
      field: new arrow.Field(name, type, true),
      set(row, value) {
        if (validity.note(row, value)) data[row] = convert(value);
      },
      take(length) {
        const taken = arrow.makeData({ type, length, data: data.subarray(0, length), ...validity.take() } as never);
        data = new Values(capacity);
        return taken;
      },
    };
  };
}

function toBigInt(value: unknown): bigint {
  return BigInt(value as number | string);
}

function toDay(value: unknown): number {
  return Math.floor(Date.parse(String(value)) / DAY_MS);
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
  return fixedWidth(new arrow.TimestampMillisecond('UTC'), BigInt64Array, convert)(name, capacity);
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
