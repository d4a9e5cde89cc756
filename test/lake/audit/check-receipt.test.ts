import { archivePath } from '../../../lib/exchange/binance/archive-path.ts';
import { checkReceipt } from '../../../lib/lake/audit/check-receipt.ts';
import type { LandingId } from '../../../lib/lake/keys.ts';
import type { Receipt } from '../../../lib/lake/landing/receipt.ts';

const AS_OF_MS = Date.UTC(2024, 1, 3);

/** A month of a symbol that has letters which URLs have not, and its receipt. */
const ID: LandingId = {
  series: { market: 'um', symbol: '币安人生USDT', interval: '15m' },
  source: 'archive_monthly',
  range: { fromMs: Date.UTC(2024, 0, 1), toMs: Date.UTC(2024, 1, 1) },
  sha256: 'a'.repeat(64),
};
const RECEIPT: Receipt = {
  ...ID,
  url: `https://data.binance.vision/${encodeURI(archivePath(ID.series, 'archive_monthly', ID.range))}`,
  fetchedAtMs: AS_OF_MS,
  asOfMs: AS_OF_MS,
  sizeBytes: 5,
};
const read = (text: Uint8Array) => checkReceipt(text, ID, 5);

test('a receipt is read if it belongs to its key and bytes', () => {
  expect(read(Buffer.from(JSON.stringify(RECEIPT)))).toEqual(RECEIPT);
});

test('whatever bit of it is flipped, what is wrong is said or it is read: in its URL a % may begin no letter', () => {
  const text = Buffer.from(JSON.stringify(RECEIPT));
  const said = new Set<string>();
  for (let bit = 0; bit < 8 * text.length; bit++) {
    const flipped = Buffer.from(text);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const found = read(flipped);
    if (typeof found === 'string') said.add(found.replace(/[: ].*/s, ''));
  }
  expect([...said]).toEqual(expect.arrayContaining(['no', 'series', 'source', 'range', 'sha256', 'URL', 'url']));
});
