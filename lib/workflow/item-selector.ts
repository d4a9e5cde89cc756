import type { ContextObject, DistributedMapState } from './definition.ts';
import { fillTemplate } from './payload-template.ts';

/** The input of one child: the item itself, or what ItemSelector makes of it and of the map's input. */
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
