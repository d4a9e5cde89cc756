import type { ObjectStore } from '../ports.ts';
import type { ContextObject, DistributedMapState } from './definition.ts';
import { fillTemplate } from './payload-template.ts';
import { statesError } from './states-error.ts';

/** Reads a map's items: the JSON array at the key that ItemReader names. @throws States.ItemReaderFailed */
export async function readItems(
  { ItemReader }: DistributedMapState,
  input: unknown,
  context: ContextObject,
  store: ObjectStore,
): Promise<readonly unknown[]> {
  const { Key } = await fillTemplate<{ Key: string }>(ItemReader.Parameters, input, context);
  const bytes = await store.get(Key);
  if (!bytes) throw statesError('States.ItemReaderFailed', `items must be at ${Key}, got no object`);
  const items: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(items)) {
    throw statesError('States.ItemReaderFailed', `items at ${Key} must be a JSON array, got ${typeof items}`);
  }
  return items;
}
