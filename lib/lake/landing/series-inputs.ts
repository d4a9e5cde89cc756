import { isDeepStrictEqual } from 'node:util';
import type { Series } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { landingKey, receiptKeyBeside } from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';
import { type DecodedShard, decodeShard } from './decode-shard.ts';
import { createLandedInputs, type LandedInputs } from './landed-inputs.ts';
import type { LandedId } from './landing.ts';

/** The landed objects of a series that count, decoded as candles. */
export type SeriesInputs = LandedInputs<Series, DecodedShard, Manifest>;

export function createSeriesInputs(store: ObjectStore, series: Series): Promise<SeriesInputs> {
  return createLandedInputs(store, series, {
    decode: (period, inputs) => decodeShard(store, series.interval, period, inputs),
    receiptsOf: ({ inputs }) => inputs.map(({ key }) => receiptKeyBeside(key)),
    isMadeFrom: (manifest, inputs) => isDeepStrictEqual(manifest.inputs, describeInputs(inputs)),
  });
}

/** Describes the inputs of a shard as in its manifest, in key order. */
export function describeInputs(inputs: readonly LandedId[]): Manifest['inputs'] {
  return inputs.map((id) => ({
    key: landingKey(id),
    sha256: id.sha256,
    ...(id.superseded && { superseded: id.superseded }),
    ...(id.again && { again: id.again }),
  }));
}
