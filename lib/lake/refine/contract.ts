import * as z from 'zod';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import { RUN_ID, SERIES, STREAM } from '../event-schemas.ts';
import type { FailedFile, ShardReport, StreamShardReport, UnreadableStreamFile } from '../manifest/contract.ts';

const PERIODS = z.array(z.string()).readonly().exactOptional();

/** The fields that one invocation for a series hands to the next. */
const PROGRESS = {
  /** The period to continue from. */
  cursor: z.string().exactOptional(),
  /** Periods to recompute whatever their manifests contain. */
  remake: PERIODS,
  /** Periods that the invocations before have recomputed. */
  made: PERIODS,
  /** True the second time in a run, after REST was asked for the holes. */
  askedHoles: z.literal(true).exactOptional(),
};

/** The event for a series. The result of the invocation before is an event too, so further fields are ignored. */
const REFINE_INPUT = z.object({ runId: RUN_ID, series: SERIES, ...PROGRESS }).readonly();
export type RefineInput = z.infer<typeof REFINE_INPUT>;

/** The event for a stream. */
const REFINE_STREAM_INPUT = z.object({ runId: RUN_ID, stream: STREAM }).readonly();
export type RefineStreamInput = z.infer<typeof REFINE_STREAM_INPUT>;

/** The event of the refine stage: one item of a refine map. */
export const REFINE_ITEM = z.union([REFINE_INPUT, REFINE_STREAM_INPUT]);
export type RefineItem = z.infer<typeof REFINE_ITEM>;

export interface RefineResult extends RefineInput {
  /** False if time ran out. The result is then the event of the next invocation. */
  readonly done: boolean;
  readonly shards: number;
  readonly recomputed: number;
}

/** The report of a series, which refine writes to `runs/<id>/refine/<series>.json` at the end. */
export interface SeriesReport {
  readonly series: Series;
  /** Every shard of the series, in order. */
  readonly shards: readonly ShardReport[];
  /** Archive files that were not available, and those that cannot be read. Absent without such files. */
  readonly failed?: readonly FailedFile[];
  /** True the second time in a run, after REST was asked for the holes. */
  readonly askedHoles?: true;
}

export interface RefineStreamResult extends RefineStreamInput {
  readonly shards: number;
  readonly recomputed: number;
}

/** The report of a stream, which refine writes to `runs/<id>/refine/stream_<stream>.json`. */
export interface StreamReport {
  readonly stream: Stream;
  /** Every shard of the stream that has rows, in order. */
  readonly shards: readonly StreamShardReport[];
  /** Archive files that landed and cannot be read, also of periods without rows. Absent without such files. */
  readonly failed?: readonly UnreadableStreamFile[];
}
