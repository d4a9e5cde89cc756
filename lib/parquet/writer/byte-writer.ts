/** Bytes that are appended to. The memory grows by half, so that appending stays linear. */
export class ByteWriter {
  /** The memory. Bytes from `length` on are not part of the result. */
  bytes: Uint8Array;
  length = 0;

  /** @param memory its first memory, empty or not: what it holds is overwritten */
  constructor(memory: Uint8Array) {
    this.bytes = memory;
  }

  /** Returns a view of what was written. It is valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Forgets what was written and keeps the memory. */
  clear(): void {
    this.length = 0;
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, Math.ceil(this.bytes.length * 1.5)));
    larger.set(this.written());
    this.bytes = larger;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends the lowest four bytes of an integer, lowest first. */
  int32(value: number): void {
    this.reserve(4);
    for (let shift = 0; shift < 32; shift += 8) this.bytes[this.length++] = value >>> shift;
  }

  /**
   * Appends an unsigned LEB128: seven bits a byte, lowest first, and a bit that says whether more follow.
   * @param value a safe integer, not negative
   */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    this.byte(rest);
  }

  /** Appends a signed integer as a varint: 0, −1, 1, −2 … become 0, 1, 2, 3 … Its size must be below 2^52. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }
}
