import { STREAM_NAMES } from '../domain/stream.ts';

/** The stages that run as Lambdas, in order. */
export const LAMBDA_STAGES = ['plan', 'fetch', 'refine', 'catalogue'] as const;
export type LambdaStage = (typeof LAMBDA_STAGES)[number];

/** Prefixes of the lake whose keys a stage may list, whose objects it may read, and that it may write. */
export interface Access {
  readonly list: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** The tables of the streams. */
const STREAMS = STREAM_NAMES.map((name) => `${name}/`);

/** Everything each stage may touch in the lake; the roles of the Lambdas are made from it. */
export const ACCESS: Readonly<Record<LambdaStage, Access>> = {
  plan: { list: ['landing/'], read: [], write: ['runs/'] },
  fetch: { list: ['landing/'], read: [], write: ['landing/'] },
  refine: {
    list: ['landing/', 'candles/', 'features/', 'labels/', 'checkpoints/', ...STREAMS],
    read: ['landing/', 'checkpoints/', 'manifests/'],
    write: ['candles/', 'features/', 'labels/', 'checkpoints/', 'manifests/', 'runs/', ...STREAMS],
  },
  catalogue: { list: ['landing/', 'runs/'], read: ['candles/', 'runs/'], write: ['runs/'] },
};
