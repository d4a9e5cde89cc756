import type { z } from 'zod';
import { UnexpectedFormat } from '../../domain/errors.ts';

/**
 * Reads a JSON array of objects; only the fields of the shape are looked at. `name` is for messages.
 * @throws UnexpectedFormat naming the row and the field
 */
export function decodeJsonRows<T>(bytes: Uint8Array, name: string, shape: z.ZodType<T>): T[] {
  const json = decodeJson(bytes, name);
  if (!Array.isArray(json)) throw new UnexpectedFormat(`${name} is not a JSON array`);
  return json.map((row: unknown, index) => parseAs(row, shape, `row ${index + 1} of ${name}`));
}

export function decodeJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new UnexpectedFormat(`${name} is not JSON`, { cause });
  }
}

/** @throws UnexpectedFormat naming the place and the field */
export function parseAs<T>(value: unknown, shape: z.ZodType<T>, place: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.length > 0 ? ` field ${issue.path.join('.')}` : '';
  throw new UnexpectedFormat(`${place}${field} has an unknown form: ${issue.message}`);
}

/**
 * Reads a CSV of the archive. The shape names its columns: if it has no header, in this order. Other columns may be
 * there. @throws UnexpectedFormat naming the row
 */
export function decodeCsvRows<T>(csv: Uint8Array, name: string, shape: z.ZodType<T> & { shape: object }): T[] {
  const columns = Object.keys(shape.shape);
  const lines = Buffer.from(csv)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const header = /^\d/.test(lines[0] ?? '0') ? undefined : lines.shift()!.split(',');
  const places = columns.map((column, index) => (header ? header.indexOf(column) : index));
  const absent = columns.find((_, index) => places[index]! < 0);
  if (absent !== undefined) {
    throw new UnexpectedFormat(
      `header of ${name} is '${header!.join(',').slice(0, 160)}', expected it to have ${absent}`,
    );
  }
  const fields = header?.length ?? lines[0]?.split(',').length;
  return lines.map((line, index) => {
    const cells = line.split(',');
    const place = `row ${index + 1} of ${name}`;
    if (cells.length !== fields) {
      throw new UnexpectedFormat(`${place} has ${cells.length} fields, expected ${fields}: '${line.slice(0, 160)}'`);
    }
    const row = Object.fromEntries(columns.map((column, at) => [column, cells[places[at]!]]));
    return parseAs(row, shape, place);
  });
}
