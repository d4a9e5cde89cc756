import { CANDLE_COLUMNS, CANDLE_TABLE_COLUMNS, type CandleColumn, type Candles } from '../../domain/candles.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import type { LandingId } from '../keys.ts';
import type { Manifest, ManifestOutput } from '../manifest/contract.ts';
import type { LakeReaders } from './tools.ts';

/** A shard whose manifest stands. */
export interface StandingShard {
  readonly period: Period;
  readonly manifest: Manifest;
}

/** What of a series can be compared with anything: its sound shards, in the order of time, and what landed for it. */
export interface SoundSeries {
  readonly series: Series;
  readonly shards: readonly StandingShard[];
  readonly landed: readonly LandingId[];
}

/** Candles of a table's bytes. @throws whatever the reader does where they are no such table. */
export async function readCandles(bytes: Uint8Array, readers: LakeReaders): Promise<Candles> {
  const columns = await readers.readColumns(bytes, Object.values(CANDLE_TABLE_COLUMNS));
  const entries = CANDLE_COLUMNS.map((name) => [name, columns[CANDLE_TABLE_COLUMNS[name]]]);
  const candles = Object.fromEntries(entries) as Record<CandleColumn, Float64Array>;
  return { length: candles.openTimeMs.length, ...candles };
}

/** The bytes of an output as its manifest has them; undefined where a run has replaced them since. */
export async function readOutput(store: ObjectStore, output: ManifestOutput): Promise<Uint8Array | undefined> {
  const bytes = await store.get(output.key);
  return bytes && sha256(bytes) === output.sha256 ? bytes : undefined;
}
