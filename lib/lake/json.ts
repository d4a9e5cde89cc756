import type { z } from 'zod';
import type { ObjectStore } from '../ports.ts';

/** Decodes JSON whose form is known, because this program wrote it or a hash confirms it. @throws SyntaxError */
export function decodeJson<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
}

/** Encodes a value as one line of JSON. */
export function encodeJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/**
 * Decodes JSON and checks it. Returns the value as it is stored, with fields that the schema does not name, or the text
 * of the first fault.
 */
export function parseJson<T extends object | null>(bytes: Uint8Array, schema: z.ZodType<T>): T | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return `no JSON: ${(error as Error).message}`;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return json as T;
  const issue = parsed.error.issues[0]!;
  return `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}

/** Reads JSON whose form is known, because this program wrote it. Returns undefined if there is no object. */
export async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const bytes = await store.get(key);
  return bytes && decodeJson<T>(bytes);
}
