import fc from 'fast-check';

/** Texts that readers stumble over, put anywhere. */
const AWKWARD = [
  '9'.repeat(400),
  '1e999',
  '-1',
  '-0',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  'null',
  'true',
  '""',
  '"',
  '[]',
  '{}',
  ',',
  ',,',
  ';',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ufeff',
  '\ud800',
  ' ',
  '..',
  '../../',
  '/etc/passwd',
  '%00',
  '__proto__',
  'constructor',
  '"__proto__":{"length":1e9},',
  '9007199254740993',
  '253402300800000',
  '8640000000000001',
  '-8640000000000001',
  '<a>',
  '</a>',
  '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
  '&c;',
  '&#x10ffff;',
  '<![CDATA[',
  '<!--',
  '<?xml version="1.0"?>',
  '['.repeat(100_000),
  '{"a":'.repeat(20_000),
  '<a>'.repeat(20_000),
  '('.repeat(20_000),
  'a'.repeat(100_000),
] as const;

/** One change of bytes; places are parts of the length, so that they mean the same in bytes of any length. */
type Change = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (bytes: Buffer, part: number) => Math.floor(part * bytes.length);

const splice = (bytes: Buffer, from: number, to: number, middle: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(Math.max(from, to))]);

function change(samples: readonly Uint8Array[]): fc.Arbitrary<Change> {
  const flip = fc.tuple(place, fc.nat(255)).map(
    ([part, mask]): Change =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        if (changed.length > 0) changed[at(bytes, part)]! ^= mask;
        return changed;
      },
  );
  const truncate = place.map(
    (part): Change =>
      (bytes) =>
        bytes.subarray(0, at(bytes, part)),
  );
  const behead = place.map(
    (part): Change =>
      (bytes) =>
        bytes.subarray(at(bytes, part)),
  );
  const cut = fc.tuple(place, fc.nat(200)).map(
    ([part, length]): Change =>
      (bytes) =>
        splice(bytes, at(bytes, part), at(bytes, part) + length, Buffer.alloc(0)),
  );
  const repeat = fc.tuple(place, fc.nat(200), fc.integer({ min: 2, max: 500 })).map(
    ([part, length, times]): Change =>
      (bytes) => {
        const piece = bytes.subarray(at(bytes, part), at(bytes, part) + length);
        return splice(bytes, at(bytes, part), at(bytes, part), Buffer.concat(Array<Buffer>(times).fill(piece)));
      },
  );
  const insert = fc.tuple(place, fc.constantFrom(...AWKWARD)).map(
    ([part, text]): Change =>
      (bytes) =>
        splice(bytes, at(bytes, part), at(bytes, part), Buffer.from(text)),
  );
  /** A number of the text becomes another. */
  const renumber = fc.tuple(place, fc.constantFrom(...AWKWARD)).map(
    ([part, text]): Change =>
      (bytes) => {
        const begin = bytes.subarray(at(bytes, part)).findIndex((byte) => byte >= 48 && byte <= 57);
        if (begin < 0) return bytes;
        const from = at(bytes, part) + begin;
        let to = from;
        while (to < bytes.length && bytes[to]! >= 48 && bytes[to]! <= 57) to++;
        return splice(bytes, from, to, Buffer.from(text));
      },
  );
  /** Four bytes become another number, as the fields of binary forms are. */
  const resize = fc.tuple(place, fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff)).map(
    ([part, value]): Change =>
      (bytes) => {
        if (bytes.length < 4) return bytes;
        const changed = Buffer.from(bytes);
        changed.writeUInt32LE(value, Math.min(at(bytes, part), bytes.length - 4));
        return changed;
      },
  );
  const transplant = fc.tuple(place, place, place, fc.constantFrom(...samples)).map(
    ([part, from, to, other]): Change =>
      (bytes) => {
        const donor = Buffer.from(other);
        return splice(bytes, at(bytes, part), at(bytes, part), donor.subarray(at(donor, from), at(donor, to)));
      },
  );
  return fc.oneof(flip, flip, truncate, behead, cut, repeat, insert, renumber, renumber, resize, transplant);
}

/** No input is longer: what reads them is bounded elsewhere. */
const MAX_BYTES = 1 << 20;

/** Sound bytes damaged in a few places, and now and then any bytes at all. */
export function damaged(samples: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.array(change(samples), { minLength: 1, maxLength: 5 }))
    .map(([sample, changes]) => changes.reduce<Buffer>((bytes, apply) => apply(bytes), Buffer.from(sample)));
  const any = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const text = fc.string({ unit: 'binary', maxLength: 100 }).map((value) => Buffer.from(value));
  const json = fc.json({ depthSize: 'medium' }).map((value) => Buffer.from(value));
  return fc
    .oneof(
      { weight: 12, arbitrary: changed },
      { weight: 1, arbitrary: any },
      { weight: 1, arbitrary: text },
      {
        weight: 1,
        arbitrary: json,
      },
    )
    .map((bytes) => bytes.subarray(0, MAX_BYTES));
}
