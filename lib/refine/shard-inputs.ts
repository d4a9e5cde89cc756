import { type LandingId, landingKey } from '../domain/keys.ts';
import type { Manifest } from './contract.ts';

/** Landed objects as a manifest names them. */
export function describeInputs(inputs: readonly LandingId[]): Manifest['inputs'] {
  return inputs.map((id) => ({ key: landingKey(id), sha256: id.sha256 }));
}

/** True where the manifest names these very objects. */
export function sameInputs(manifest: Manifest, inputs: readonly LandingId[]): boolean {
  // Both come from a listing in key order.
  return (
    manifest.inputs.length === inputs.length &&
    manifest.inputs.every((input, index) => input.key === landingKey(inputs[index]!))
  );
}
