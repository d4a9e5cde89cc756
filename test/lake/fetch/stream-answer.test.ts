import fc from 'fast-check';
import type { Stream } from '../../../lib/domain/stream.ts';
import { openTimesOf } from '../../../lib/exchange/binance/kline-answer.ts';
import { SOURCES } from '../../../lib/exchange/binance/sources.ts';
import { assertExchangeInfo, assertFundingInfo } from '../../../lib/exchange/binance/stream-answer.ts';
import {
  FUNDING,
  INSTRUMENTS,
  landAnswer,
  landSighting,
  MARK,
  OPEN_INTEREST,
  oiRow,
  refineIn,
  streamLake,
  T0,
} from '../../support/stream-lake.ts';
import { HOUR_MS } from '../../support/time.ts';

const URL = 'https://fapi.example/fapi/v1/some';
const RANGE = { fromMs: T0, toMs: T0 + 8 * HOUR_MS };

const FUNDING_ROW = { fundingTime: T0, fundingRate: '0.00010000', markPrice: '43000.1' };
const SYMBOL = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  contractType: 'PERPETUAL',
  onboardDate: 1_569_398_400_000,
  filters: [{ filterType: 'PRICE_FILTER', tickSize: '0.10' }],
};
const FUNDING_INFO_ROW = {
  symbol: 'BTCUSDT',
  fundingIntervalHours: 8,
  adjustedFundingRateCap: '0.02',
  adjustedFundingRateFloor: '-0.02',
};
const MARK_ROW = [T0, '1', '2', '0.5', '1.5', '0', T0 + HOUR_MS - 1, '0', 60, '0', '0', '0'];

interface Form {
  readonly stream: Stream;
  readonly part?: 'exchange_info' | 'funding_info';
  readonly row: object;
  readonly body: (row: unknown) => string;
  readonly check: (bytes: Uint8Array) => void;
}

const rows = (row: unknown) => JSON.stringify([row]);
const FORMS: Record<string, Form> = {
  funding: {
    stream: FUNDING,
    row: FUNDING_ROW,
    body: rows,
    check: (bytes) => SOURCES.funding.rest!.check(bytes, FUNDING, RANGE, URL),
  },
  'open interest': {
    stream: OPEN_INTEREST,
    row: oiRow(T0),
    body: rows,
    check: (bytes) => SOURCES.open_interest.rest!.check(bytes, OPEN_INTEREST, RANGE, URL),
  },
  'mark candles': {
    stream: MARK,
    row: MARK_ROW,
    body: rows,
    check: (bytes) => openTimesOf(bytes, '1h', RANGE, URL),
  },
  exchangeInfo: {
    stream: INSTRUMENTS,
    part: 'exchange_info',
    row: SYMBOL,
    body: (symbol) => JSON.stringify({ serverTime: T0, symbols: [symbol] }),
    check: (bytes) => assertExchangeInfo(bytes, URL),
  },
  fundingInfo: {
    stream: INSTRUMENTS,
    part: 'funding_info',
    row: FUNDING_INFO_ROW,
    body: rows,
    check: (bytes) => assertFundingInfo(bytes, URL),
  },
};

/** Lands these bytes and reads them as refine does. */
async function refined({ stream, part }: Form, bytes: Uint8Array): Promise<void> {
  const lake = streamLake();
  if (part) await landSighting(lake, stream, part, bytes, T0);
  else await landAnswer(lake, { stream, source: 'rest', range: RANGE, body: bytes });
  await refineIn(lake, stream);
}

function isLetIn({ check }: Form, bytes: Uint8Array): boolean {
  try {
    check(bytes);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'UnexpectedFormat', message: expect.stringContaining(URL) });
    return false;
  }
}

describe.each(Object.entries(FORMS))('an answer of %s', (_, form) => {
  const bytesOf = (row: unknown) => new TextEncoder().encode(form.body(row));

  test('lands as it should be', async () => {
    expect(isLetIn(form, bytesOf(form.row))).toBe(true);
    await refined(form, bytesOf(form.row));
  });

  test('does not land with a byte order mark, which is read by nobody', async () => {
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(form.row)]);
    expect(isLetIn(form, marked)).toBe(false);
    await expect(refined(form, marked)).rejects.toMatchObject({ name: 'UnexpectedFormat' });
  });

  test('that lands can be read: the same row, one field replaced', async () => {
    const value = fc.oneof(
      fc.constantFrom(null, '', undefined, -1, 0, 1.5, '1e5', '1e400', '-1', '0x10', ' 1', '1.', [], {}, true),
      fc.constantFrom(T0 + 60_000, T0 + HOUR_MS, String(T0 + HOUR_MS), T0 / 1000, T0 * 1000),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(form.row)), value, async (field, other) => {
        const row = Array.isArray(form.row) ? form.row.with(Number(field), other) : { ...form.row, [field]: other };
        if (isLetIn(form, bytesOf(row))) await refined(form, bytesOf(row));
      }),
      { numRuns: 150 },
    );
  });
});

test('a field that need not be there may be null', async () => {
  const { funding, exchangeInfo } = FORMS as Record<'funding' | 'exchangeInfo', Form>;
  const noPrice = Buffer.from(funding.body({ ...FUNDING_ROW, markPrice: null }));
  const filters = [{ filterType: 'LOT_SIZE', stepSize: null }];
  const said = { ...SYMBOL, status: null, onboardDate: null, pair: null, filters };
  const unsaid = Buffer.from(exchangeInfo.body(said));
  expect([isLetIn(funding, noPrice), isLetIn(exchangeInfo, unsaid)]).toEqual([true, true]);
  await refined(funding, noPrice);
  await refined(exchangeInfo, unsaid);
});
