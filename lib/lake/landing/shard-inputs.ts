import { landingKey } from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import type { LandedId } from './landing.ts';

/** What a shard was made from, as its manifest has it. */
export function describeInputs(inputs: readonly LandedId[]): Manifest['inputs'] {
  return inputs.map((id) => ({
    key: landingKey(id),
    sha256: id.sha256,
    ...(id.superseded && { superseded: id.superseded }),
  }));
}

/** True where a manifest is of just these inputs, and of the same ones of them that were superseded. */
export function sameInputs(manifest: Manifest, inputs: readonly LandedId[]): boolean {
  // Both come from a listing in key order.
  return (
    manifest.inputs.length === inputs.length &&
    manifest.inputs.every(({ key, superseded }, index) => {
      const input = inputs[index]!;
      return key === landingKey(input) && superseded === input.superseded;
    })
  );
}
