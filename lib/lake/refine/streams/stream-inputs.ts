import type { Period } from '../../../domain/period.ts';
import type { Stream } from '../../../domain/stream.ts';
import type { TimeRange } from '../../../domain/time-range.ts';
import type { ObjectStore } from '../../../ports.ts';
import type { StreamManifest } from '../../manifest/contract.ts';
import type { StreamShard } from './stream-shard.ts';

/** The landed objects of one shard, decoded. */
export interface DecodedInputs {
  /** Keys of their receipts, in key order: all that landed for the shard, except what changes nothing. */
  readonly inputs: readonly string[];
  /** Those of which a newer version of the same archive file has landed. Undefined if there are none. */
  readonly superseded?: readonly string[] | undefined;
  /**
   * Makes the rows.
   * @param life times whose rows are served
   * @param carry what the shard before hands on, or nothing
   */
  rows(life: TimeRange, carry: string): StreamShard;
}

/** What has landed for a stream and counts. */
export interface StreamInputs {
  /** Periods of which something landed, ascending. */
  readonly periods: readonly Period[];
  /** True if a manifest of the present code names just what counts for its period. */
  isMadeFrom(manifest: StreamManifest): Promise<boolean>;
  decoded(period: Period): Promise<DecodedInputs>;
  /** True if more has landed since. */
  outdated(): Promise<boolean>;
  /** Stores what was learned of landed objects, so that the next run need not read them again. */
  remember(): Promise<void>;
}

/** How the landed objects of a stream are read. */
export interface StreamReader {
  open(store: ObjectStore, stream: Stream): Promise<StreamInputs>;
  /** Reads the objects that a manifest names. @throws CorruptObject if one is gone or damaged */
  reopen(store: ObjectStore, manifest: StreamManifest): Promise<DecodedInputs>;
}
