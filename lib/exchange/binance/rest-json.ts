import type { z } from 'zod';
import { UnexpectedFormat } from '../../domain/errors.ts';
import { shortJson } from './candle-row.ts';

/** Reads an answer's JSON exactly as refine reads the landed bytes. @throws UnexpectedFormat */
export function parseRest(body: Uint8Array, url: string): unknown {
  // A byte order mark is kept, and therefore refused, because refine does not remove it either.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedFormat(`${url} must answer JSON, got '${text.slice(0, 80)}'`, { cause });
  }
}

/** Reads a JSON array. @throws UnexpectedFormat if the answer is another value */
export function parseRestArray(body: Uint8Array, url: string): unknown[] {
  const json = parseRest(body, url);
  if (!Array.isArray(json)) throw new UnexpectedFormat(`${url} must answer an array, got ${shortJson(json)}`);
  return json;
}

/** Checks a value by a schema. @throws UnexpectedFormat with the place, and the field that does not match */
export function parseForm<T>(value: unknown, form: z.ZodType<T>, place: string): T {
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const field = path.length > 0 ? ` field ${path.join('.')}` : '';
  throw new UnexpectedFormat(`${place}${field} has an unknown form: ${message}, got ${shortJson(value)}`);
}
