import type { z } from 'zod';
import { BadInput } from '../lib/domain/errors.ts';

/** Checks an event before a stage sees it. @throws BadInput with the field */
export function parseEvent<T>(schema: z.ZodType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const { path, message } = deepest(parsed.error.issues[0]!);
  throw new BadInput(`event ${path.join('.') || 'itself'}: ${message}`);
}

/** Returns the issue of a union that lies deepest: the form that the event comes closest to. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  return issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0] ?? issue;
}
