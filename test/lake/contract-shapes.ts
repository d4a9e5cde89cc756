import * as z from 'zod';
import { AUDIT_INPUT, AUDIT_PLAN, SERIES_ITEM, STREAM_ITEM } from '../../lib/lake/audit/contract.ts';
import { CATALOGUE_INPUT } from '../../lib/lake/catalogue/contract.ts';
import { FETCH_INPUT } from '../../lib/lake/fetch/contract.ts';
import { CLAIMS } from '../../lib/lake/manifest/claim.ts';
import { MANIFEST, STREAM_MANIFEST } from '../../lib/lake/manifest/contract.ts';
import { LANDED_AGAIN } from '../../lib/lake/manifest/landed-again.ts';
import { PLAN_HOLES_INPUT, PLAN_INPUT, PLAN_REQUEST } from '../../lib/lake/plan/contract.ts';
import { REFINE_ITEM } from '../../lib/lake/refine/contract.ts';

/** Every contract that other programs, later versions or other stages read. */
const CONTRACTS: Readonly<Record<string, z.ZodType>> = {
  PLAN_REQUEST,
  PLAN_INPUT,
  PLAN_HOLES_INPUT,
  FETCH_INPUT,
  REFINE_ITEM,
  CATALOGUE_INPUT,
  AUDIT_INPUT,
  AUDIT_PLAN,
  SERIES_ITEM,
  STREAM_ITEM,
  MANIFEST,
  STREAM_MANIFEST,
  LANDED_AGAIN,
  CLAIMS,
};

/** The parts of a JSON Schema that zod writes for these contracts. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly [limit: string]: unknown;
}

/** Limits that zod adds to every integer. */
const EVERY_INTEGER = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/** Fields that `linesOf` writes in words. The others are limits of a value, which it writes as they are. */
const IN_WORDS = new Set([
  ...['$schema', 'readOnly', 'type', 'enum', 'anyOf', 'items'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames'],
]);

/** Returns a line for each field: its path, with `?` if it may be absent; its type; its limits. */
function linesOf(path: string, schema: Schema): string[] {
  const { properties, required = [], additionalProperties: more, propertyNames, items, anyOf } = schema;
  if (anyOf) return anyOf.flatMap((one, index) => linesOf(`${path} (${index + 1})`, one));
  const limits = Object.entries(schema)
    .filter(([name, value]) => !IN_WORDS.has(name) && !EVERY_INTEGER.includes(value as number))
    .map(([name, value]) => ` ${name} ${JSON.stringify(value)}`);
  const strict = more === false ? ', no other field' : '';
  return [
    `${path}: ${kindOf(schema)}${strict}${limits.join('')}`,
    ...Object.entries(properties ?? {}).flatMap(([name, field]) =>
      linesOf(`${path}.${name}${required.includes(name) ? '' : '?'}`, field),
    ),
    ...(items ? linesOf(`${path}[]`, items) : []),
    ...(propertyNames ? linesOf(`${path}, its names`, propertyNames) : []),
    ...(more ? linesOf(`${path}.*`, more) : []),
  ];
}

/** The values of a list are left out, because a new market or stream does not change the contract. */
function kindOf({ type = 'anything', enum: list }: Schema): string {
  return list ? `one of a list of ${typeof list[0]}s` : type;
}

/** Returns the fields of every contract as text, a line for each field. */
export function contractShapes(): string {
  const shapes = Object.entries(CONTRACTS).map(([name, contract]) =>
    linesOf(name, z.toJSONSchema(contract, { unrepresentable: 'any', io: 'input', reused: 'inline' }) as Schema),
  );
  return `${shapes.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
