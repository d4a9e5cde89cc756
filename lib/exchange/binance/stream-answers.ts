import * as z from 'zod';

// The forms of REST's answers about streams. Fetch checks answers by them before they land, and refine reads by them.
// Landed bytes are never removed, so one answer of another form would stop its stream. Only the fields that are read
// are named, because the exchange adds fields: rateType in 2026, CMCCirculatingSupply before.

/** A number as text, as the exchange writes amounts and rates. */
export const NUMBER_TEXT = z
  .string()
  .regex(/^-?\d+(\.\d+)?([eE]-?\d+)?$/)
  .refine((text) => Number.isFinite(Number(text)), 'too large a number')
  .transform(Number);

const EARLIEST_MS = Date.UTC(2017, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** An instant in milliseconds, as a number or as text. Other numbers have another unit. */
export const TIME_MS = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{12,14}$/)
      .transform(Number),
  ])
  .refine((timeMs) => timeMs >= EARLIEST_MS && timeMs < LATEST_MS, 'not an instant in milliseconds');

/** A row of fundingRate. The first years have no mark price. */
export const FUNDING_ROW = z.object({
  fundingTime: TIME_MS,
  fundingRate: NUMBER_TEXT,
  markPrice: z.union([z.literal(''), NUMBER_TEXT]).nullish(),
});

/** A row of openInterestHist. */
export const OPEN_INTEREST_ROW = z.object({
  timestamp: TIME_MS,
  sumOpenInterest: NUMBER_TEXT,
  sumOpenInterestValue: NUMBER_TEXT,
});

/**
 * An instant of a listing, in epoch milliseconds. A contract without an end has one in the year 2100. Later instants
 * have another unit.
 */
export const INSTANT = z
  .int()
  .min(0)
  .max(Date.UTC(2200, 0, 1));

/** exchangeInfo. COIN-M has contractStatus instead of status. Filters contain the limits. */
export const EXCHANGE_INFO = z.object({
  symbols: z.array(
    z.object({
      symbol: z.string().min(1),
      status: z.string().nullish(),
      contractStatus: z.string().nullish(),
      contractType: z.string().nullish(),
      pair: z.string().nullish(),
      baseAsset: z.string().nullish(),
      quoteAsset: z.string().nullish(),
      marginAsset: z.string().nullish(),
      onboardDate: INSTANT.nullish(),
      deliveryDate: INSTANT.nullish(),
      filters: z
        .array(
          z.object({
            filterType: z.string(),
            tickSize: NUMBER_TEXT.nullish(),
            stepSize: NUMBER_TEXT.nullish(),
            notional: NUMBER_TEXT.nullish(),
            minNotional: NUMBER_TEXT.nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});

/** A row of fundingInfo. */
export const FUNDING_INFO_ROW = z.object({
  symbol: z.string().min(1),
  fundingIntervalHours: z.int32().positive(),
  adjustedFundingRateCap: NUMBER_TEXT,
  adjustedFundingRateFloor: NUMBER_TEXT,
});
