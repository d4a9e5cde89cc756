import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';
import { EXCHANGE_INFO, FUNDING_INFO_ROW } from '../../../exchange/binance/stream-answers.ts';
import { columnsOf } from '../../../parquet/table-values.ts';
import type { ObjectStore } from '../../../ports.ts';
import { landingPrefix } from '../../keys.ts';
import { readSightings, type SeenPart, sightingsByPeriod } from '../../landing/sightings.ts';
import { parseSightingKey, sightingKey } from '../../stream-keys.ts';
import { decodeJson, decodeJsonRows, parseAs } from './decode-rows.ts';
import type { DecodedInputs, StreamReader, StreamShard } from './stream-reader.ts';

/** Facts of a symbol by column. A column is absent if the exchange does not give it. */
type Facts = Readonly<Record<string, string | number>>;
type Instrument = Facts & { readonly symbol: string; readonly status: string };

/** One row: the facts of an instrument from an instant on. */
interface Change {
  readonly instrument: Instrument;
  readonly validFromMs: number;
  readonly firstSeenMs: number;
}

/** The state after some snapshots: the last row of each symbol, and the last contents of fundingInfo. */
interface State {
  readonly rows: Map<string, Change>;
  funding: Record<string, Facts>;
}

/** Our status of a symbol that exchangeInfo no longer has. All other statuses are the exchange's. */
const ABSENT = 'ABSENT';

/** The delivery date of a contract without end. */
const NO_END_MS = 4_133_404_800_000;

/** Reads the sightings of a market's snapshots. Those that change nothing are not read. */
export const INSTRUMENTS: StreamReader = {
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
  return { inputs, rows: (_life, carry) => instrumentsShard(parts, carry) };
}

/**
 * Makes the instruments of one month: a row for each symbol and each snapshot in which something about it had changed.
 * @param carry the state after the month before, or nothing
 */
function instrumentsShard(parts: readonly SeenPart[], carry: string): StreamShard {
  const state = decodeState(carry);
  const changes: Change[] = [];
  // Both parts of a snapshot have the same time, and exchange_info comes last. Rows are made then.
  for (const { receipt, bytes } of parts.toSorted(bySeen)) {
    if (receipt.part === 'funding_info') state.funding = decodeFunding(bytes, receipt.bytesKey);
    else changes.push(...applySnapshot(state, decodeInfo(bytes, receipt.bytesKey), receipt.seenAtMs));
  }
  const rows = changes.map(({ instrument, validFromMs, firstSeenMs }) => ({
    ...instrument,
    valid_from: validFromMs,
    known_at: validFromMs,
    first_seen: firstSeenMs,
  }));
  return {
    rows: rows.length,
    columns: columnsOf(STREAM_TABLE.instruments.schema, rows),
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
function applySnapshot(state: State, listed: readonly Instrument[], seenAtMs: number): Change[] {
  const changes: Change[] = [];
  const seen = new Set<string>();
  for (const info of listed) {
    seen.add(info.symbol);
    note({ ...info, ...state.funding[info.symbol] });
  }
  for (const [symbol, { instrument }] of state.rows) {
    if (!seen.has(symbol)) note({ ...instrument, status: ABSENT });
  }
  return changes.sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1));

  function note(instrument: Instrument): void {
    const last = state.rows.get(instrument.symbol);
    if (last && canonical(last.instrument) === canonical(instrument)) return;
    const change = { instrument, validFromMs: seenAtMs, firstSeenMs: last?.firstSeenMs ?? seenAtMs };
    state.rows.set(instrument.symbol, change);
    changes.push(change);
  }
}

function canonical(instrument: Instrument): string {
  return JSON.stringify(Object.entries(instrument).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function decodeInfo(bytes: Uint8Array, name: string): Instrument[] {
  const { symbols } = parseAs(decodeJson(bytes, name), EXCHANGE_INFO, name);
  return symbols.map((one) => {
    const filter = (type: string) => one.filters?.find(({ filterType }) => filterType === type);
    const notional = filter('MIN_NOTIONAL') ?? filter('NOTIONAL');
    return withValues({
      symbol: one.symbol,
      status: one.status ?? one.contractStatus ?? 'UNKNOWN',
      contract_type: one.contractType || undefined,
      pair: one.pair,
      base_asset: one.baseAsset,
      quote_asset: one.quoteAsset,
      margin_asset: one.marginAsset,
      onboard_time: one.onboardDate,
      delivery_time: one.deliveryDate === NO_END_MS ? undefined : one.deliveryDate,
      tick_size: filter('PRICE_FILTER')?.tickSize,
      step_size: filter('LOT_SIZE')?.stepSize,
      min_notional: notional?.notional ?? notional?.minNotional,
    });
  });
}

function decodeFunding(bytes: Uint8Array, name: string): Record<string, Facts> {
  const rows = decodeJsonRows(bytes, name, FUNDING_INFO_ROW);
  return Object.fromEntries(
    rows.map((row) => [
      row.symbol,
      {
        funding_interval_hours: row.fundingIntervalHours,
        funding_rate_cap: row.adjustedFundingRateCap,
        funding_rate_floor: row.adjustedFundingRateFloor,
      },
    ]),
  );
}

/** Removes the columns without a value. */
function withValues(facts: Record<string, string | number | null | undefined> & Pick<Instrument, 'symbol' | 'status'>) {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => (value ?? null) !== null)) as Instrument;
}

function encodeState({ rows, funding }: State): string {
  const bySymbol = <T>(entries: [string, T][]): [string, T][] => entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ rows: bySymbol([...rows]), funding: bySymbol(Object.entries(funding)) });
}

function decodeState(carry: string): State {
  if (carry === '') return { rows: new Map(), funding: {} };
  const { rows, funding } = JSON.parse(carry) as { rows: [string, Change][]; funding: [string, Facts][] };
  return { rows: new Map(rows), funding: Object.fromEntries(funding) };
}
