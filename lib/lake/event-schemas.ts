import * as z from 'zod';
import { SOURCES } from '../domain/chunk.ts';
import { INTERVALS, type Interval } from '../domain/interval.ts';
import { MARKETS } from '../domain/market.ts';
import { parseSymbol } from '../domain/series.ts';
import { STREAM_NAMES } from '../domain/stream-table.ts';

// The parts of events that several stages share. Objects are strict: a field that a stage does not know is refused, not
// dropped.

/** The name of one folder: no separator, and not a step up. */
export const RUN_ID = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,80}$/);

const SYMBOL = z.string().refine(isSymbol, 'must be a symbol such as BTCUSDT');
const INTERVAL = z.enum(INTERVALS as [Interval, ...Interval[]]);

export const SERIES = z.strictObject({ market: z.enum(MARKETS), symbol: SYMBOL, interval: INTERVAL });

export const STREAM = z.strictObject({
  name: z.enum(STREAM_NAMES),
  market: z.enum(MARKETS),
  symbol: SYMBOL.exactOptional(),
  interval: INTERVAL.exactOptional(),
});

const CHUNK = {
  source: z.enum(SOURCES),
  range: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  asOfMs: z.number(),
  sizeBytes: z.number(),
  revision: z
    .strictObject({ lastModifiedMs: z.number(), etag: z.string().optional(), sizeBytes: z.number() })
    .optional(),
  openPageMs: z.number().exactOptional(),
};

export const SERIES_CHUNK = z.strictObject({ series: SERIES, ...CHUNK });
export const STREAM_CHUNK = z.strictObject({ stream: STREAM, ...CHUNK });

function isSymbol(text: string): boolean {
  try {
    return parseSymbol(text) === text;
  } catch {
    return false;
  }
}
