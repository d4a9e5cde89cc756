import { Piscina } from 'piscina';
import type { Interval } from '../domain/interval.ts';
import type { RefinedShard, ShardInput } from '../lake/refine/refine-shard.ts';
import { type ShardStart, shardComputer } from '../lake/refine/shard-computer.ts';

export interface ComputeJob {
  readonly input: ShardInput;
  readonly start: ShardStart;
}

/** An error loses its name on the way between threads, so errors travel as data. */
export type ComputeAnswer =
  | { readonly refined: RefinedShard }
  | { readonly error: { readonly name: string; readonly message: string } };

const computer = shardComputer(Piscina.workerData as Interval);

/** Computes one shard on a worker thread. The thread keeps the state of the series from one job to the next. */
export default async function computeShard({ input, start }: ComputeJob): Promise<ComputeAnswer> {
  try {
    const refined = await computer.compute(input, start);
    return Piscina.move({
      [Piscina.transferableSymbol]: buffersOf(refined),
      [Piscina.valueSymbol]: { refined } satisfies ComputeAnswer,
    } as never) as unknown as ComputeAnswer;
  } catch (error) {
    const { name, message } = error as Error;
    return { error: { name, message } };
  }
}

/** Returns the buffers that belong to one object each. They move to the other thread without a copy. */
function buffersOf({ tables, checkpoint }: RefinedShard): ArrayBuffer[] {
  // The encoder gives each table a buffer of its own, which may be longer than the table.
  const buffers = Object.values(tables).map(({ bytes }) => bytes.buffer);
  const isWhole = checkpoint.buffer.byteLength === checkpoint.byteLength;
  return [...buffers, ...(isWhole ? [checkpoint.buffer] : [])].filter((buffer) => buffer instanceof ArrayBuffer);
}
