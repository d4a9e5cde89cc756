/** Numbers of parquet.thrift: the names are those of the format. */
export const PHYSICAL_TYPES = { INT32: 1, INT64: 2, FLOAT: 4, DOUBLE: 5, BYTE_ARRAY: 6 } as const;
export type PhysicalType = keyof typeof PHYSICAL_TYPES;

export const ENCODINGS = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;
export type Encoding = keyof typeof ENCODINGS;

export const CONVERTED_TYPES = { UTF8: 0, TIMESTAMP_MILLIS: 9, INT_8: 15 } as const;
export const REPETITIONS = { required: 0, optional: 1 } as const;
export const PAGE_TYPES = { data: 0, dictionary: 2 } as const;
export const SNAPPY = 1;

/** The bytes at the begin and at the end of a file. */
export const MAGIC = Buffer.from('PAR1');
