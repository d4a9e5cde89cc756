import type { LakeRequest } from '../../app/lake-request.ts';
import type { PlanRequest } from '../../lake/plan/contract.ts';
import type { LakeOptions } from '../terminal.ts';

/** Options that `run` and `plan` share, as commander gives them. */
export interface RequestOptions extends PlanRequest, LakeOptions {
  readonly source: string;
  /** Most US dollars that the run may be expected to cost on AWS. */
  readonly maxUsd?: number;
}

/** The options that are part of the request. */
const WORDS = ['market', 'symbols', 'interval', 'period', 'from', 'to', 'streams', 'archiveOnly'] as const;

/** Returns what the options of a call want. */
export function requestOf(options: RequestOptions): LakeRequest {
  const { lake, source, maxUsd } = options;
  const words = WORDS.flatMap((word) => (options[word] === undefined ? [] : [[word, options[word]]]));
  return { request: Object.fromEntries(words) as PlanRequest, lake, source, maxUsd };
}
