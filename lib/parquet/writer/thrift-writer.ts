import type { ByteWriter } from './byte-writer.ts';

/** Types of a field in Thrift's compact protocol. A bool has its value in its type. */
const TYPES = { true: 1, false: 2, int8: 3, int16: 4, int32: 5, int64: 6, binary: 8, list: 9, struct: 12 } as const;

/**
 * Writes structs in Thrift's compact protocol, as the headers and the footer of a Parquet file are written
 * (thrift-compact-protocol.md). Fields of a struct are written by ascending id.
 */
export class ThriftWriter {
  private readonly out: ByteWriter;
  /** The id of the field before, because a field has the difference only. */
  private lastId = 0;

  constructor(out: ByteWriter) {
    this.out = out;
  }

  /** Writes a struct that is not a field: the outermost one, or an element of a list. */
  struct(writeFields: () => void): void {
    const outerId = this.lastId;
    this.lastId = 0;
    writeFields();
    this.out.byte(0);
    this.lastId = outerId;
  }

  structField(id: number, writeFields: () => void): void {
    this.field(id, TYPES.struct);
    this.struct(writeFields);
  }

  int8Field(id: number, value: number): void {
    this.field(id, TYPES.int8);
    this.out.byte(value);
  }

  int16Field(id: number, value: number): void {
    this.field(id, TYPES.int16);
    this.out.zigzag(value);
  }

  int32Field(id: number, value: number): void {
    this.field(id, TYPES.int32);
    this.out.zigzag(value);
  }

  int64Field(id: number, value: number): void {
    this.field(id, TYPES.int64);
    this.out.zigzag(value);
  }

  boolField(id: number, value: boolean): void {
    this.field(id, value ? TYPES.true : TYPES.false);
  }

  binaryField(id: number, bytes: Uint8Array): void {
    this.field(id, TYPES.binary);
    this.binary(bytes);
  }

  textField(id: number, text: string): void {
    this.binaryField(id, Buffer.from(text, 'utf8'));
  }

  int32ListField(id: number, values: readonly number[]): void {
    this.list(id, TYPES.int32, values.length);
    for (const value of values) this.out.zigzag(value);
  }

  textListField(id: number, texts: readonly string[]): void {
    this.list(id, TYPES.binary, texts.length);
    for (const text of texts) this.binary(Buffer.from(text, 'utf8'));
  }

  /** Writes a list of structs: one per item, with the fields that `writeFields` writes. */
  structListField<Item>(id: number, items: readonly Item[], writeFields: (item: Item, index: number) => void): void {
    this.list(id, TYPES.struct, items.length);
    items.forEach((item, index) => {
      this.struct(() => writeFields(item, index));
    });
  }

  private list(id: number, type: number, length: number): void {
    this.field(id, TYPES.list);
    if (length < 15) this.out.byte((length << 4) | type);
    else {
      this.out.byte(0xf0 | type);
      this.out.varint(length);
    }
  }

  private binary(bytes: Uint8Array): void {
    this.out.varint(bytes.length);
    this.out.append(bytes);
  }

  private field(id: number, type: number): void {
    const step = id - this.lastId;
    this.lastId = id;
    if (step > 0 && step <= 15) this.out.byte((step << 4) | type);
    else {
      this.out.byte(type);
      this.out.zigzag(id);
    }
  }
}
