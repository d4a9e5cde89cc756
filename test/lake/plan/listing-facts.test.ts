import type { ListingFact } from '../../../lib/domain/listing.ts';
import { listingKey } from '../../../lib/lake/keys.ts';
import { landedFacts, landingOfFact } from '../../../lib/lake/plan/listing-facts.ts';
import { sha256Of } from '../../support/bytes.ts';
import { streamLake } from '../../support/stream-lake.ts';

const FACT: ListingFact = { market: 'um', symbol: 'LITUSDT', evidence: 'exchange_info', settledMs: 50 };
const LANDING = landingOfFact(FACT);

describe.each([
  ['of a symbol', false],
  ['of the whole market', true],
])('the facts %s', (_, wholeMarket) => {
  async function read(key: string, bytes: Uint8Array) {
    const lake = streamLake();
    await lake.put(key, bytes);
    return landedFacts(lake, 'um', wholeMarket).read('LITUSDT');
  }

  test('are read as they landed', async () => {
    expect(await read(LANDING.key, LANDING.bytes)).toEqual([FACT]);
  });

  test('are refused by the name of the object if they are not what landed', async () => {
    const refused = { name: 'CorruptObject', message: expect.stringMatching(LANDING.key) };
    await expect(read(LANDING.key, LANDING.bytes.subarray(0, 9))).rejects.toMatchObject(refused);
    await expect(read(LANDING.key, Buffer.from('{}'))).rejects.toMatchObject(refused);
  });

  test('and where they are no JSON, whatever the name says, with the cause', async () => {
    const key = listingKey('um', 'LITUSDT', sha256Of('<html>'));
    await expect(read(key, Buffer.from('<html>'))).rejects.toMatchObject({
      name: 'CorruptObject',
      message: `${key} is not JSON`,
      cause: expect.any(SyntaxError),
    });
  });
});
