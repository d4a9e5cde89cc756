import type { z } from 'zod';
import { BadInput } from '../lib/domain/errors.ts';

export { RUN_ID, SERIES, STREAM } from '../lib/lake/event-schemas.ts';

/** True for an event about streams; one about candles has no such field. */
export function isStreamEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && ('streamChunks' in event || 'stream' in event);
}

/** Checks an event before a stage sees it. @throws BadInput naming the field. */
export function parseEvent<T>(schema: z.ZodType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new BadInput(`event ${issue.path.join('.') || 'itself'}: ${issue.message}`);
}
