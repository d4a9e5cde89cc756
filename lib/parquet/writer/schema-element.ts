import type { ColumnSchema, ColumnType } from '../../domain/table-schema.ts';
import { CONVERTED_TYPES, PHYSICAL_TYPES, type PhysicalType, REPETITIONS } from './format.ts';
import type { ThriftWriter } from './thrift-writer.ts';

interface ParquetType {
  readonly physical: PhysicalType;
  /** The name that older readers know. */
  readonly converted?: keyof typeof CONVERTED_TYPES;
  /** Writes the union LogicalType. */
  readonly logical?: (thrift: ThriftWriter) => void;
}

const NO_FIELDS = () => {};

/** The types of the lake in Parquet (LogicalTypes.md). */
export const PARQUET_TYPES: Readonly<Record<ColumnType, ParquetType>> = {
  timestamp: {
    physical: 'INT64',
    converted: 'TIMESTAMP_MILLIS',
    logical: (thrift) =>
      thrift.structField(8, () => {
        // Times are UTC, in milliseconds.
        thrift.boolField(1, true);
        thrift.structField(2, () => thrift.structField(1, NO_FIELDS));
      }),
  },
  float64: { physical: 'DOUBLE' },
  float32: { physical: 'FLOAT' },
  int32: { physical: 'INT32' },
  int8: {
    physical: 'INT32',
    converted: 'INT_8',
    logical: (thrift) =>
      thrift.structField(10, () => {
        thrift.int8Field(1, 8);
        thrift.boolField(2, true);
      }),
  },
  string: { physical: 'BYTE_ARRAY', converted: 'UTF8', logical: (thrift) => thrift.structField(1, NO_FIELDS) },
};

/** Writes the fields of SchemaElement for a column. */
export function writeSchemaElement(thrift: ThriftWriter, { name, type, nullable }: ColumnSchema): void {
  const { physical, converted, logical } = PARQUET_TYPES[type];
  thrift.int32Field(1, PHYSICAL_TYPES[physical]);
  thrift.int32Field(3, nullable ? REPETITIONS.optional : REPETITIONS.required);
  thrift.textField(4, name);
  if (converted) thrift.int32Field(6, CONVERTED_TYPES[converted]);
  if (logical) thrift.structField(10, () => logical(thrift));
}
