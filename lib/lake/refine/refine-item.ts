import type { RefineInput, RefineResult, RefineStreamInput, RefineStreamResult } from './contract.ts';
import { refine } from './refine.ts';
import type { RefineWorld } from './refine-world.ts';
import { refineStream } from './streams/refine-stream.ts';

/** Refines one item of a refine map: a series, or a stream. */
export function refineItem(
  input: RefineInput | RefineStreamInput,
  world: RefineWorld,
): Promise<RefineResult | RefineStreamResult> {
  return 'stream' in input ? refineStream(input, world) : refine(input, world);
}
