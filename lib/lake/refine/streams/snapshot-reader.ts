import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';
import { decodeStream } from '../../../exchange/decode-stream.ts';
import type { StreamRow } from '../../../exchange/stream-decoder.ts';
import { columnsOf } from '../../../parquet/table-values.ts';
import type { ObjectStore } from '../../../ports.ts';
import { landingPrefix } from '../../keys.ts';
import { readSightings, type SeenPart, sightingsByPeriod } from '../../landing/sightings.ts';
import { parseSightingKey, sightingKey } from '../../stream-keys.ts';
import type { DecodedInputs, StreamReader, StreamShard } from './stream-reader.ts';

/** One row: the facts of an instrument from an instant on. */
interface Change {
  readonly instrument: StreamRow;
  readonly validFromMs: number;
  readonly firstSeenMs: number;
}

/** The state after some snapshots: the last row of each symbol, and the last contents of fundingInfo. */
interface State {
  readonly rows: Map<string, Change>;
  funding: Record<string, StreamRow>;
}

/** Our status of a symbol that exchangeInfo no longer has. All other statuses are the exchange's. */
const ABSENT = 'ABSENT';

/** Reads the sightings of a market's snapshots. Those that change nothing are not read. */
export const SNAPSHOT_READER: StreamReader = {
  async open(store, stream) {
    const list = async () => keysByPeriod(stream, await store.list(landingPrefix(stream)));
    const counting = await list();
    return {
      periods: [...counting.keys()],
      isMadeFrom: async ({ period, inputs }) => JSON.stringify(inputs) === JSON.stringify(counting.get(period)),
      decoded: (period) => decodeSightings(store, stream, counting.get(period)!),
      outdated: async () => JSON.stringify([...(await list())]) !== JSON.stringify([...counting]),
      remember: async () => {},
    };
  },
  reopen: (store, { stream, inputs }) => decodeSightings(store, stream, inputs),
};

function keysByPeriod(stream: Stream, objects: readonly { readonly key: string }[]): Map<string, readonly string[]> {
  const sightings = sightingsByPeriod(
    stream,
    objects.map(({ key }) => key),
  );
  return new Map([...sightings].map(([period, own]) => [period, own.map(sightingKey).sort()]));
}

async function decodeSightings(store: ObjectStore, stream: Stream, inputs: readonly string[]): Promise<DecodedInputs> {
  const sightings = inputs.flatMap((key) => parseSightingKey(stream, key) ?? []);
  const parts = await readSightings(store, sightings);
  return { inputs, rows: (_life, carry) => instrumentsShard(stream, parts, carry) };
}

/**
 * Makes the instruments of one month: a row for each symbol and each snapshot in which something about it had changed.
 * @param carry the state after the month before, or nothing
 */
function instrumentsShard(stream: Stream, parts: readonly SeenPart[], carry: string): StreamShard {
  const state = decodeState(carry);
  const changes: Change[] = [];
  // Both parts of a snapshot have the same time, and exchange_info comes last. Rows are made then.
  for (const { receipt, bytes } of parts.toSorted(bySeen)) {
    const facts = decodeStream(stream, receipt.part, bytes, receipt.bytesKey);
    if (receipt.part === 'funding_info') state.funding = bySymbol(facts);
    else changes.push(...applySnapshot(state, facts, receipt.seenAtMs));
  }
  const { schema, knownAtMs } = STREAM_TABLE[stream.name];
  const rows = changes.map(({ instrument, validFromMs, firstSeenMs }) => {
    const row = { ...instrument, valid_from: validFromMs, first_seen: firstSeenMs };
    return { ...row, known_at: knownAtMs(row, undefined) };
  });
  return {
    rows: rows.length,
    columns: columnsOf(schema, rows),
    firstMs: changes[0]?.validFromMs ?? Number.NaN,
    lastMs: changes.at(-1)?.validFromMs ?? Number.NaN,
    missing: 0,
    quarantined: 0,
    duplicates: 0,
    conflicts: 0,
    conflictSamples: [],
    carry: encodeState(state),
  };
}

function bySeen(a: SeenPart, b: SeenPart): number {
  return a.receipt.seenAtMs - b.receipt.seenAtMs || (a.receipt.part < b.receipt.part ? 1 : -1);
}

/** Brings the state to this snapshot and returns the rows that differ from the last ones, by symbol. */
function applySnapshot(state: State, listed: readonly StreamRow[], seenAtMs: number): Change[] {
  const changes: Change[] = [];
  const seen = new Set<string>();
  for (const info of listed) {
    const symbol = symbolOf(info);
    seen.add(symbol);
    note(symbol, { ...info, ...state.funding[symbol] });
  }
  for (const [symbol, { instrument }] of state.rows) {
    if (!seen.has(symbol)) note(symbol, { ...instrument, status: ABSENT });
  }
  return changes.sort((a, b) => (symbolOf(a.instrument) < symbolOf(b.instrument) ? -1 : 1));

  function note(symbol: string, instrument: StreamRow): void {
    const last = state.rows.get(symbol);
    if (last && canonical(last.instrument) === canonical(instrument)) return;
    const change = { instrument, validFromMs: seenAtMs, firstSeenMs: last?.firstSeenMs ?? seenAtMs };
    state.rows.set(symbol, change);
    changes.push(change);
  }
}

function symbolOf(row: StreamRow): string {
  return String(row['symbol']);
}

function canonical(instrument: StreamRow): string {
  return JSON.stringify(Object.entries(instrument).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function bySymbol(rows: readonly StreamRow[]): Record<string, StreamRow> {
  return Object.fromEntries(rows.map(({ symbol, ...facts }) => [symbol, facts]));
}

function encodeState({ rows, funding }: State): string {
  const sorted = <T>(entries: [string, T][]): [string, T][] => entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ rows: sorted([...rows]), funding: sorted(Object.entries(funding)) });
}

function decodeState(carry: string): State {
  if (carry === '') return { rows: new Map(), funding: {} };
  const { rows, funding } = JSON.parse(carry) as { rows: [string, Change][]; funding: [string, StreamRow][] };
  return { rows: new Map(rows), funding: Object.fromEntries(funding) };
}
