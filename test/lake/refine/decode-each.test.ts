import { CorruptObject } from '../../../lib/domain/errors.ts';
import { decodeEach } from '../../../lib/lake/landing/decode-each.ts';

test('of versions that landed at one instant, the same one replaces an unreadable one, in any order', async () => {
  const version = (letter: string, fetchedAtMs: number, more = {}) => ({
    receipt: {
      source: 'archive_daily' as const,
      range: { fromMs: 0, toMs: 1 },
      fetchedAtMs,
      sha256: letter.repeat(64),
    },
    ...more,
  });
  const older = ['a', 'b'].map((letter) => version(letter, 1, { superseded: true as const }));
  const broken = version('c', 2);
  for (const objects of [
    [...older, broken],
    [broken, ...older.toReversed()],
  ]) {
    const { read } = await decodeEach(objects, ({ receipt }) => {
      if (receipt.sha256 === broken.receipt.sha256) throw new CorruptObject('no zip at all');
      return receipt.sha256[0];
    });
    expect(read.filter(({ superseded }) => !superseded).map(({ content }) => content)).toEqual(['a']);
  }
});
