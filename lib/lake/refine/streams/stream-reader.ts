import type { Period } from '../../../domain/period.ts';
import type { Stream } from '../../../domain/stream.ts';
import type { TimeRange } from '../../../domain/time-range.ts';
import type { ColumnValues } from '../../../parquet/table-values.ts';
import type { ObjectStore } from '../../../ports.ts';
import type { StreamManifest, StreamShardReport } from '../../manifest/contract.ts';

/** One shard of a stream, as columns, and its report. Its first and last time are NaN without rows. */
export interface StreamShard extends Omit<StreamShardReport, 'period' | 'recomputed' | 'sizeBytes'> {
  readonly columns: ReadonlyMap<string, ColumnValues>;
  /** The state that the next shard continues from. */
  readonly carry: string;
}

/** The landed objects of one shard as its manifest names them: all that landed, except what changes nothing. */
export type NamedInputs = Pick<StreamManifest, 'inputs' | 'superseded' | 'again'>;

/** The landed objects of one shard, decoded. */
export interface DecodedInputs extends NamedInputs {
  /**
   * Makes the rows.
   * @param life times whose rows are served
   * @param carry the state at the end of the shard before; empty before the first
   */
  rows(life: TimeRange, carry: string): StreamShard;
}

/** The landed objects of a stream that count. */
interface StreamInputs {
  /** Periods of which something landed, ascending. */
  readonly periods: readonly Period[];
  /** Returns true if a manifest of the present code names just what counts for its period. */
  isMadeFrom(manifest: StreamManifest): Promise<boolean>;
  decoded(period: Period): Promise<DecodedInputs>;
  /** Returns true if more has landed since. */
  outdated(): Promise<boolean>;
  /** Stores what was learned of landed objects, so that the next run need not read them again. */
  remember(): Promise<void>;
}

/** Reads the landed objects of a stream. */
export interface StreamReader {
  open(store: ObjectStore, stream: Stream): Promise<StreamInputs>;
  /** Reads the objects that a manifest names. @throws CorruptObject if one is gone or damaged */
  reopen(store: ObjectStore, manifest: StreamManifest): Promise<DecodedInputs>;
}
