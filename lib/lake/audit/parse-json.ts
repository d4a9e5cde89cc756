import type { z } from 'zod';

/** JSON of a known shape, or what is wrong with it, in words. */
export function parseJson<T>(bytes: Uint8Array, shape: z.ZodType<T>): T | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return `no JSON: ${(error as Error).message}`;
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return json as T;
  const issue = parsed.error.issues[0]!;
  return `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}
