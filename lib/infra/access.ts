import { STREAM_NAMES } from '../domain/stream-table.ts';
import { TABLES } from '../domain/tables.ts';

/** The stages of a run, in order. */
export const RUN_STAGES = ['plan', 'fetch', 'refine', 'catalogue'] as const;
export type RunStage = (typeof RUN_STAGES)[number];

/** The stages that run as Lambdas: those of a run, and the audit, which has a machine of its own. */
export const LAMBDA_STAGES = [...RUN_STAGES, 'audit'] as const;
export type LambdaStage = (typeof LAMBDA_STAGES)[number];

/** The prefixes of the lake that a stage may list, read and write. */
export interface Access {
  readonly list: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Below these, the stage may put new objects, and replace only objects with an end of `REPLACED_LANDING`. */
  readonly create: readonly string[];
}

/**
 * Ends of the keys of landing objects that may be replaced. A receipt lists every landing of its bytes, and a failure
 * is the last of its chunk.
 */
export const REPLACED_LANDING = ['.receipt.json', '/failed.json'] as const;

/** The tables of the streams. */
const STREAMS = STREAM_NAMES.map((name) => `${name}/`);

/** The prefixes of all that is made of what landed. */
const REFINED = [...TABLES.map((table) => `${table}/`), 'checkpoints/', 'manifests/', 'versions/', ...STREAMS];

/** The prefixes that an audit reads: all that landed, and all that was made of it. */
const AUDITED = ['landing/', ...REFINED, 'datasets/', 'runs/'];

/** Everything that each stage may touch in the lake. The roles of the Lambdas are made from it. */
export const ACCESS: Readonly<Record<LambdaStage, Access>> = {
  plan: {
    list: ['landing/'],
    read: ['landing/', 'checks/', 'runs/'],
    write: ['landing/grid-ends/', 'checks/', 'runs/'],
    create: ['landing/listings/'],
  },
  // It reads receipts: of newer versions of a file, and of earlier landings of the same bytes.
  fetch: { list: ['landing/'], read: ['landing/'], write: [], create: ['landing/'] },
  refine: {
    // Manifests, whose tags change if another run publishes a shard meanwhile.
    list: ['landing/', ...REFINED],
    // Tables, because a revised table is kept first, and because S3 compares a tag only for a caller who may read.
    read: ['landing/', ...REFINED, 'checks/'],
    write: [...REFINED, 'checks/', 'runs/'],
    create: [],
  },
  catalogue: {
    list: ['landing/', 'runs/'],
    // The ledger of a failed file, which may explain its hours.
    read: ['landing/', 'candles/', 'gaps/', 'runs/'],
    write: ['runs/', 'run_reports/'],
    create: [],
  },
  // It never repairs, so it cannot write tables. Samples that differ land, and files that were rewritten.
  audit: {
    list: AUDITED,
    read: AUDITED,
    write: ['runs/', 'audits/'],
    create: ['landing/klines/', 'landing/streams/'],
  },
};
