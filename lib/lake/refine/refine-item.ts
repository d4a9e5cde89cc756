import type { CodeHashes } from '../../ports.ts';
import type { RefineInput, RefineResult, RefineStreamInput, RefineStreamResult } from './contract.ts';
import { refine } from './refine.ts';
import type { RefineWorld } from './refine-world.ts';
import { refineStream } from './streams/refine-stream.ts';

/** Refines one item of a refine map: a series, or a stream. Each has the hash of its own code. */
export function refineItem(
  input: RefineInput | RefineStreamInput,
  {
    codeHashes,
    ...world
  }: Omit<RefineWorld, 'codeHash'> & { readonly codeHashes: Pick<CodeHashes, 'candles' | 'streams'> },
): Promise<RefineResult | RefineStreamResult> {
  return 'stream' in input
    ? refineStream(input, { ...world, codeHash: codeHashes.streams })
    : refine(input, { ...world, codeHash: codeHashes.candles });
}
