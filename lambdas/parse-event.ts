import { z } from 'zod';
import { BadInput } from '../lib/domain/errors.ts';
import { INTERVALS, type Interval } from '../lib/domain/interval.ts';
import { MARKETS } from '../lib/domain/market.ts';
import { parseSymbol } from '../lib/domain/series.ts';
import { STREAM_NAMES } from '../lib/domain/stream.ts';

/** A name of one folder: no separator, and not a step up. */
export const RUN_ID = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,80}$/);

export const SERIES = z.object({
  market: z.enum(MARKETS),
  symbol: z.string().refine(isSymbol, 'must be a symbol such as BTCUSDT'),
  interval: z.enum(INTERVALS as [Interval, ...Interval[]]),
});

export const STREAM = z.object({
  name: z.enum(STREAM_NAMES),
  market: z.enum(MARKETS),
  symbol: z.string().refine(isSymbol, 'must be a symbol such as BTCUSDT').optional(),
  interval: z.enum(INTERVALS as [Interval, ...Interval[]]).optional(),
});

/** True for an event about streams; one about candles has no such field. */
export function isStreamEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && ('streamChunks' in event || 'stream' in event);
}

function isSymbol(text: string): boolean {
  try {
    return parseSymbol(text) === text;
  } catch {
    return false;
  }
}

/** Checks an event before a stage sees it. @throws BadInput naming the field. */
export function parseEvent<T>(schema: z.ZodType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new BadInput(`event ${issue.path.join('.') || 'itself'}: ${issue.message}`);
}
