import type { StreamDecoder, StreamRow } from '../../stream-decoder.ts';
import { decodeJson, decodeJsonRows, parseAs } from '../decode-rows.ts';
import { EXCHANGE_INFO, FUNDING_INFO_ROW } from '../stream-answers.ts';

/** The delivery date of a contract without end. */
const NO_END_MS = 4_133_404_800_000;

/** Instruments: the facts of each symbol in exchangeInfo, and those that fundingInfo adds. */
export const INSTRUMENTS: StreamDecoder = {
  exchange_info: (bytes, name) => {
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
  },
  funding_info: (bytes, name) =>
    decodeJsonRows(bytes, name, FUNDING_INFO_ROW).map((row) => ({
      symbol: row.symbol,
      funding_interval_hours: row.fundingIntervalHours,
      funding_rate_cap: row.adjustedFundingRateCap,
      funding_rate_floor: row.adjustedFundingRateFloor,
    })),
};

/** Removes the columns without a value. */
function withValues(facts: Readonly<Record<string, string | number | null | undefined>>): StreamRow {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => (value ?? null) !== null)) as StreamRow;
}
