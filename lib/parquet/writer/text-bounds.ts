import type { Bound } from './statistics.ts';

/** The most bytes of a bound. A longer one is cut, so that long text does not fill the footer. */
const BOUND_BYTES = 64;

/**
 * Returns the bounds of texts in the order of their bytes in UTF-8. A lower bound that is cut is a prefix. An upper
 * bound that is cut is a prefix whose last character is replaced by the next one; if none has a next one, it is whole.
 * @param texts in UTF-8, at least one
 */
export function textBounds(texts: readonly Uint8Array[]): { min: Bound; max: Bound } {
  let [min, max] = [texts[0]!, texts[0]!];
  for (const text of texts) {
    if (Buffer.compare(text, min) < 0) min = text;
    else if (Buffer.compare(text, max) > 0) max = text;
  }
  const isMinShort = min.length <= BOUND_BYTES;
  const above = max.length <= BOUND_BYTES ? undefined : next(prefix(max));
  return {
    min: { bytes: isMinShort ? min : prefix(min), isExact: isMinShort },
    max: { bytes: above ?? max, isExact: above === undefined },
  };
}

/** Returns the whole characters among the first bytes. */
function prefix(text: Uint8Array): Uint8Array {
  let end = BOUND_BYTES;
  // The bytes of a character after its first begin with the bits 10.
  while ((text[end]! & 0xc0) === 0x80) end--;
  return text.subarray(0, end);
}

/** Returns the text up to some character, with that character replaced by the next of as many bytes. */
function next(text: Uint8Array): Uint8Array | undefined {
  const characters = [...Buffer.from(text).toString('utf8')];
  for (let i = characters.length - 1; i >= 0; i--) {
    const character = characters[i]!;
    const point = character.codePointAt(0)! + 1;
    const isCharacter = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    const following = isCharacter ? String.fromCodePoint(point) : '';
    if (Buffer.byteLength(following) === Buffer.byteLength(character)) {
      return Buffer.from(characters.slice(0, i).join('') + following, 'utf8');
    }
  }
  return undefined;
}
