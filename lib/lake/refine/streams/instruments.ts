import { EXCHANGE_INFO, FUNDING_INFO_ROW } from '../../../exchange/binance/stream-answers.ts';
import type { ColumnValues } from '../../../parquet/table-values.ts';
import type { SeenPart } from '../../landing/stream-landing.ts';
import { decodeJson, decodeJsonRows, parseAs } from './decode-rows.ts';
import { numberColumn, type StreamShard, textColumn } from './stream-shard.ts';

/** What is known of a symbol; undefined where the exchange does not say. */
interface Instrument {
  readonly symbol: string;
  readonly status: string;
  readonly contractType?: string | undefined;
  readonly pair?: string | undefined;
  readonly baseAsset?: string | undefined;
  readonly quoteAsset?: string | undefined;
  readonly marginAsset?: string | undefined;
  readonly onboardMs?: number | undefined;
  readonly deliveryMs?: number | undefined;
  readonly tickSize?: number | undefined;
  readonly stepSize?: number | undefined;
  readonly minNotional?: number | undefined;
  readonly fundingIntervalHours?: number | undefined;
  readonly fundingCap?: number | undefined;
  readonly fundingFloor?: number | undefined;
}

/** One row: an instrument from an instant on. */
interface Change {
  readonly instrument: Instrument;
  readonly validFromMs: number;
  readonly firstSeenMs: number;
}

type Funding = Pick<Instrument, 'fundingIntervalHours' | 'fundingCap' | 'fundingFloor'>;

/** Where the snapshots have brought us: the last row of each symbol, and what fundingInfo said last. */
interface State {
  readonly rows: Map<string, Change>;
  funding: Record<string, Funding>;
}

/** Ours, for a symbol that exchangeInfo no longer has; the other words are the exchange's. */
const ABSENT = 'ABSENT';

/** The delivery date of a contract without end. */
const NO_END_MS = 4_133_404_800_000;

/**
 * Instruments of one month: a row for each symbol and each snapshot in which something about it had changed.
 * @param carry what the snapshots before had said, or nothing
 */
export function instrumentsShard(parts: readonly SeenPart[], carry: string): StreamShard {
  const state = decodeState(carry);
  const changes: Change[] = [];
  // Both parts of a snapshot bear the same time; rows are made when both have been heard.
  for (const { receipt, bytes } of parts.toSorted(bySeen)) {
    if (receipt.part === 'funding_info') state.funding = decodeFunding(bytes, receipt.bytesKey);
    else changes.push(...applySnapshot(state, decodeInfo(bytes, receipt.bytesKey), receipt.seenAtMs));
  }
  const instruments = changes.map(({ instrument }) => instrument);
  const times = changes.map(({ validFromMs }) => validFromMs);
  const text = (field: 'symbol' | 'status' | 'contractType' | 'pair' | 'baseAsset' | 'quoteAsset' | 'marginAsset') =>
    textColumn(instruments.map((one) => one[field]));
  const number = (field: NumberField) => numberColumn(instruments.map((one) => one[field]));
  return {
    rows: changes.length,
    columns: new Map<string, ColumnValues>([
      ['symbol', text('symbol')],
      ['valid_from', numberColumn(times)],
      ['known_at', numberColumn(times)],
      ['first_seen', numberColumn(changes.map(({ firstSeenMs }) => firstSeenMs))],
      ['status', text('status')],
      ['contract_type', text('contractType')],
      ['pair', text('pair')],
      ['base_asset', text('baseAsset')],
      ['quote_asset', text('quoteAsset')],
      ['margin_asset', text('marginAsset')],
      ['onboard_time', number('onboardMs')],
      ['delivery_time', number('deliveryMs')],
      ['tick_size', number('tickSize')],
      ['step_size', number('stepSize')],
      ['min_notional', number('minNotional')],
      ['funding_interval_hours', number('fundingIntervalHours')],
      ['funding_rate_cap', number('fundingCap')],
      ['funding_rate_floor', number('fundingFloor')],
    ]),
    firstMs: times[0] ?? Number.NaN,
    lastMs: times.at(-1) ?? Number.NaN,
    missing: 0,
    quarantined: 0,
    duplicates: 0,
    conflicts: 0,
    conflictSamples: [],
    carry: encodeState(state),
  };
}

type NumberField = {
  [Field in keyof Instrument]-?: Instrument[Field] extends number | undefined ? Field : never;
}[keyof Instrument];

function bySeen(a: SeenPart, b: SeenPart): number {
  return a.receipt.seenAtMs - b.receipt.seenAtMs || (a.receipt.part < b.receipt.part ? 1 : -1);
}

/** Brings the state to this snapshot and gives the rows that differ from the last ones, by symbol. */
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
    return told({
      symbol: one.symbol,
      status: one.status ?? one.contractStatus ?? 'UNKNOWN',
      contractType: one.contractType || undefined,
      pair: one.pair,
      baseAsset: one.baseAsset,
      quoteAsset: one.quoteAsset,
      marginAsset: one.marginAsset,
      onboardMs: one.onboardDate,
      deliveryMs: one.deliveryDate === NO_END_MS ? undefined : one.deliveryDate,
      tickSize: filter('PRICE_FILTER')?.tickSize,
      stepSize: filter('LOT_SIZE')?.stepSize,
      minNotional: notional?.notional ?? notional?.minNotional,
    });
  });
}

function decodeFunding(bytes: Uint8Array, name: string): Record<string, Funding> {
  const rows = decodeJsonRows(bytes, name, FUNDING_INFO_ROW);
  return Object.fromEntries(
    rows.map((row) => [
      row.symbol,
      {
        fundingIntervalHours: row.fundingIntervalHours,
        fundingCap: row.adjustedFundingRateCap,
        fundingFloor: row.adjustedFundingRateFloor,
      },
    ]),
  );
}

type OrNull<T> = { readonly [Field in keyof T]: T[Field] | null };

/** Without the fields that say nothing: JSON would not bring undefined back. */
function told(instrument: OrNull<Instrument>): Instrument {
  return Object.fromEntries(
    Object.entries(instrument).filter(([, value]) => value !== undefined && value !== null),
  ) as unknown as Instrument;
}

function encodeState({ rows, funding }: State): string {
  const bySymbol = <T>(entries: [string, T][]): [string, T][] => entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ rows: bySymbol([...rows]), funding: bySymbol(Object.entries(funding)) });
}

function decodeState(carry: string): State {
  if (carry === '') return { rows: new Map(), funding: {} };
  const { rows, funding } = JSON.parse(carry) as { rows: [string, Change][]; funding: [string, Funding][] };
  return { rows: new Map(rows), funding: Object.fromEntries(funding) };
}
