import type { ObjectStore } from '../ports.ts';
import { type ContextObject, type DistributedMapState, statesError } from './definition.ts';
import { fillTemplate } from './state-machine.ts';

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

/** Returns the input of one child: the item, or the output of ItemSelector for the item and the map's input. */
export async function selectItem(
  { ItemSelector }: DistributedMapState,
  item: unknown,
  index: number,
  input: unknown,
  context: ContextObject,
): Promise<unknown> {
  if (ItemSelector === undefined) return item;
  return fillTemplate(ItemSelector, input, { ...context, Map: { Item: { Index: index, Value: item } } });
}
