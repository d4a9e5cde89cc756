import { CANDLE_COLUMNS, CANDLE_TABLE_COLUMNS, type CandleColumn, type Candles } from '../../domain/candles.ts';
import { CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Manifest, ManifestOutput } from '../manifest/contract.ts';
import { readOutput } from '../manifest/read-output.ts';

/** A shard of candles that has a whole manifest. */
export interface CandleShard {
  readonly period: Period;
  readonly manifest: Manifest;
}

/** Reads the candles of a table's bytes. @throws Error if the bytes are not such a table */
export async function readCandles(bytes: Uint8Array): Promise<Candles> {
  const columns = await readColumns(bytes, Object.values(CANDLE_TABLE_COLUMNS));
  const entries = CANDLE_COLUMNS.map((name) => [name, columns[CANDLE_TABLE_COLUMNS[name]]]);
  return { length: columns.open_time.length, ...(Object.fromEntries(entries) as Record<CandleColumn, Float64Array>) };
}

/** Reads an output of a checked shard. Returns undefined if a run has replaced it since. */
export async function readCurrent(store: ObjectStore, output: ManifestOutput): Promise<Uint8Array | undefined> {
  try {
    return await readOutput(store, output);
  } catch (error) {
    if (error instanceof CorruptObject) return undefined;
    throw error;
  }
}

/** Reads the candles of a checked shard. Returns undefined if a run has replaced them since. */
export async function readShardCandles(store: ObjectStore, { manifest }: CandleShard): Promise<Candles | undefined> {
  const bytes = await readCurrent(store, manifest.outputs.candles);
  return bytes && readCandles(bytes);
}
