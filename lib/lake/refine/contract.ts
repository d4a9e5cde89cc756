import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';

import type { FailedFile, ShardReport, StreamShardReport, UnreadableStreamFile } from '../manifest/contract.ts';

/** Event of the refine stage: one item of the refine map, with the cursor of the invocation before where there is one. */
export interface RefineInput {
  readonly runId: string;
  readonly series: Series;
  /** Period to go on from; the periods before it are done. */
  readonly cursor?: string;
  /** Periods to be made again whatever their manifests say, as the invocation before found out. */
  readonly remake?: readonly Period[];
  /** Periods that the invocations before made anew. */
  readonly made?: readonly Period[];
  /** True the second time in a run, once its holes were asked about. */
  readonly askedHoles?: true;
}

export interface RefineResult {
  readonly runId: string;
  readonly series: Series;
  /** False where the time limit came first: invoke again with `cursor`. */
  readonly done: boolean;
  readonly cursor?: string;
  readonly remake?: readonly Period[];
  readonly made?: readonly Period[];
  readonly askedHoles?: true;
  readonly shards: number;
  readonly recomputed: number;
}

/** What `refine` writes to `runs/<id>/refine/<series>.json` when a series is done. */
export interface SeriesReport {
  readonly series: Series;
  /** Every shard the series has now, in order. */
  readonly shards: readonly ShardReport[];
  /** Archive files that could not be had, and those that landed and cannot be read; absent where there are none. */
  readonly failed?: readonly FailedFile[];
  /** True where it is of the second time in a run, once its holes were asked about. */
  readonly askedHoles?: true;
}

/** Event of the refine stage where the item is a stream. */
export interface RefineStreamInput {
  readonly runId: string;
  readonly stream: Stream;
}

export interface RefineStreamResult {
  readonly runId: string;
  readonly stream: Stream;
  readonly shards: number;
  readonly recomputed: number;
}

/** What `refine` writes to `runs/<id>/refine/stream_<stream>.json`. */
export interface StreamReport {
  readonly stream: Stream;
  /** Every shard with rows that the stream has now, in order. */
  readonly shards: readonly StreamShardReport[];
  /** Archive files that landed and cannot be read, of shards without rows too; absent where there are none. */
  readonly failed?: readonly UnreadableStreamFile[];
}
