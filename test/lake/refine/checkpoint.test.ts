import fc from 'fast-check';
import { UnexpectedFormat } from '../../../lib/domain/errors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../lib/lake/refine/checkpoint.ts';

const KEY = 'checkpoints/…/checkpoint.bin';

test('a checkpoint reads back as what was written, and its engine bytes can be viewed as doubles', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9a-f]{64}$/),
      fc.nat(4e12),
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.tuple(fc.double(), fc.double(), fc.double(), fc.double()), { maxLength: 9 }),
      fc.nat(7),
      (chain, lastOpenTimeMs, engine, candles, offset) => {
        const column = (place: number) => Float64Array.from(candles, (candle) => candle[place]!);
        const labels = { high: column(0), low: column(1), close: column(2), sigma: column(3) };
        const bytes = encodeCheckpoint({ chain, lastOpenTimeMs, engine, labels });
        const shifted = new Uint8Array(bytes.length + 8);
        shifted.set(bytes, offset);
        const read = decodeCheckpoint(shifted.subarray(offset, offset + bytes.length), KEY);
        expect(read).toEqual({ chain, lastOpenTimeMs, engine, labels });
        expect(read.engine.byteOffset % 8).toBe(0);
      },
    ),
  );
});

test.each([
  ['nothing', ''],
  ['other bytes', 'PAR1 and so on\n{}\n'],
  ['another version', 'candlelake checkpoint 1\n{"chain":"a","lastOpenTimeMs":1}\nxyz'],
  ['the magic line alone', 'candlelake checkpoint 2\n'],
  ['no end of the header', 'candlelake checkpoint 2\n{"chain":"a","lastOpenTimeMs":1}'],
  ['a header that is not JSON', 'candlelake checkpoint 2\n{"chain":"a","las\nxyz'],
  ['a header of something else', 'candlelake checkpoint 2\nnull\nxyz'],
  ['a header that lacks the lengths', 'candlelake checkpoint 2\n{"chain":"a","lastOpenTimeMs":1}\nxyz'],
])('%s is not a checkpoint', (_, text) => {
  expect(() => decodeCheckpoint(Buffer.from(text), KEY)).toThrow(UnexpectedFormat);
  expect(() => decodeCheckpoint(Buffer.from(text), KEY)).toThrow(`${KEY} is not a checkpoint`);
});
