import {
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
} from '@duckdb/node-api';

/**
 * A value of DuckDB as JSON has it. Timestamps (all UTC here) and dates become ISO text; integers beyond 2^53, decimals
 * that a number cannot hold, NaN and the infinities become text; lists, structs and maps become arrays and objects.
 */
export function fromDuckdbValue(value: DuckDBValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : String(value);
  if (value instanceof DuckDBTimestampTZValue) return isoText(value.micros, 6, value);
  if (value instanceof DuckDBTimestampValue) return isoText(value.micros, 6, value);
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoText(value.millis, 3, value);
  if (value instanceof DuckDBTimestampSecondsValue) return isoText(value.seconds, 0, value);
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoText(value.nanos, 9, value);
  if (value instanceof DuckDBDecimalValue) return fromDecimal(value);
  if (value instanceof DuckDBDateValue)
    return value.isFinite ? String(value) : value.days > 0 ? 'infinity' : '-infinity';
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(fromDuckdbValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, fromDuckdbValue(entry)]));
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(value.entries.map((entry) => [keyText(entry.key), fromDuckdbValue(entry.value)]));
  }
  if (value instanceof DuckDBUnionValue || value instanceof DuckDBVariantValue) return fromDuckdbValue(value.value);
  return String(value);
}

function keyText(key: DuckDBValue): string {
  const plain = fromDuckdbValue(key);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** A double holds every decimal of up to 15 digits so that it prints as it was. */
function fromDecimal(decimal: DuckDBDecimalValue): number | string {
  const digits = String(decimal.value).replace('-', '').length;
  return digits <= 15 ? Number(String(decimal)) : String(decimal);
}

interface Instant {
  readonly isFinite: boolean;
  toString(): string;
}

/** `2024-02-01T12:00:00Z`, with as many decimals of a second as it takes, in threes. */
function isoText(ticks: bigint, decimals: number, instant: Instant): string {
  if (!instant.isFinite) return ticks > 0n ? 'infinity' : '-infinity';
  const perSecond = 10n ** BigInt(decimals);
  const fractionTicks = ((ticks % perSecond) + perSecond) % perSecond;
  const date = new Date(Number(((ticks - fractionTicks) / perSecond) * 1000n));
  // Years that Date does not know are for the engine to print.
  if (Number.isNaN(date.getTime())) return instant.toString();
  const fraction = String(fractionTicks).padStart(decimals, '0');
  const shown = fractionTicks === 0n ? '' : `.${fraction.replace(/(000)+$/, '')}`;
  return date.toISOString().replace('.000Z', `${shown}Z`);
}
