import fc from 'fast-check';
import { UnexpectedFormat } from '../../lib/domain/errors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../lib/refine/checkpoint.ts';

const KEY = 'checkpoints/…/checkpoint.bin';

test('a checkpoint reads back as what was written, and its engine bytes can be viewed as doubles', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9a-f]{64}$/),
      fc.nat(4e12),
      fc.uint8Array({ maxLength: 64 }),
      fc.nat(7),
      (chain, lastOpenTimeMs, engine, offset) => {
        const bytes = encodeCheckpoint({ chain, lastOpenTimeMs, engine });
        const shifted = new Uint8Array(bytes.length + 8);
        shifted.set(bytes, offset);
        const read = decodeCheckpoint(shifted.subarray(offset, offset + bytes.length), KEY);
        expect(read).toEqual({ chain, lastOpenTimeMs, engine });
        expect(read.engine.byteOffset % 8).toBe(0);
      },
    ),
  );
});

test.each([
  ['nothing', ''],
  ['other bytes', 'PAR1 and so on\n{}\n'],
  ['another version', 'candlelake checkpoint 2\n{"chain":"a","lastOpenTimeMs":1}\nxyz'],
  ['the magic line alone', 'candlelake checkpoint 1\n'],
  ['no end of the header', 'candlelake checkpoint 1\n{"chain":"a","lastOpenTimeMs":1}'],
  ['a header that is not JSON', 'candlelake checkpoint 1\n{"chain":"a","las\nxyz'],
  ['a header of something else', 'candlelake checkpoint 1\nnull\nxyz'],
])('%s is no checkpoint', (_, text) => {
  expect(() => decodeCheckpoint(Buffer.from(text), KEY)).toThrow(UnexpectedFormat);
  expect(() => decodeCheckpoint(Buffer.from(text), KEY)).toThrow(`${KEY} is no checkpoint`);
});
