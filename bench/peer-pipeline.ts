import { inflateRawSync } from 'node:zlib';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { Table, writeParquet } from 'parquet-wasm';
import type { ArchiveZip } from './corpus.ts';
import { PEER_INDICATORS, type PeerCandles, peerColumns } from './peer-indicators.ts';

/**
 * The pipeline one writes first: split lines, Number(), technicalindicators, parquet-wasm as it comes. It does less
 * than refine: eighteen indicators, no labels, no checks, no hashes, no state, nothing written to disk.
 */
export function peerPipeline(zips: readonly ArchiveZip[]): { candles: Uint8Array; features: Uint8Array } {
  const columns: number[][] = Array.from({ length: 11 }, () => []);
  for (const { bytes } of zips) {
    for (const line of unzip(bytes).split('\n')) {
      if (line === '' || line.startsWith('open_time')) continue;
      const fields = line.split(',');
      for (let i = 0; i < 11; i++) columns[i]!.push(Number(fields[i]));
    }
  }
  const [openTime, open, high, low, close, volume, closeTime, quoteVolume, trades, takerVolume, takerQuoteVolume] =
    columns as [number[], number[], number[], number[], number[], number[], ...number[][]];
  const candles: PeerCandles = { high, low, close, volume };
  const features: Record<string, Float64Array> = { open_time: Float64Array.from(openTime) };
  for (const [name, calculate] of Object.entries(PEER_INDICATORS)) {
    Object.assign(features, peerColumns(name, calculate(candles), close.length));
  }
  const table = {
    openTime,
    open,
    high,
    low,
    close,
    volume,
    closeTime,
    quoteVolume,
    trades,
    takerVolume,
    takerQuoteVolume,
  };
  const floats = Object.entries(table).map(([name, values]) => [name, Float64Array.from(values as number[])]);
  return { candles: toParquet(Object.fromEntries(floats)), features: toParquet(features) };
}

function toParquet(columns: Record<string, Float64Array>): Uint8Array {
  return writeParquet(Table.fromIPCStream(tableToIPC(tableFromArrays(columns), 'stream')));
}

/** The one deflated entry of a zip, found by its local header. */
export function unzip(zip: Uint8Array): string {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  return inflateRawSync(zip.subarray(start)).toString('latin1');
}
