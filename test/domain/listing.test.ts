import { describe, expect, test } from '@jest/globals';
import { type ListingFact, listingOf } from '../../lib/domain/listing.ts';

const fact = (more: Partial<ListingFact>): ListingFact => ({
  market: 'um',
  symbol: 'LITUSDT',
  evidence: 'exchange_info',
  ...more,
});

describe('the life of a symbol', () => {
  test('nothing told: for ever', () => {
    expect(listingOf([])).toEqual({ listedMs: -Infinity, settledMs: Infinity });
  });

  test('the exchange beats the archive, whichever is earlier', () => {
    const facts = [fact({ evidence: 'archive', listedMs: 5, settledMs: 50 }), fact({ listedMs: 10 })];
    expect(listingOf(facts)).toEqual({ listedMs: 10, settledMs: Infinity });
    expect(listingOf(facts.slice(0, 1))).toEqual({ listedMs: 5, settledMs: 50 });
  });

  test('a ticker used again is the younger instrument, which the settlement of the older does not end', () => {
    const facts = [fact({ listedMs: 10, settledMs: 20 }), fact({ listedMs: 30 })];
    expect(listingOf(facts)).toEqual({ listedMs: 30, settledMs: Infinity });
    expect(listingOf([...facts, fact({ listedMs: 30, settledMs: 40 })])).toEqual({ listedMs: 30, settledMs: 40 });
  });
});
