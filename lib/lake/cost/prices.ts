/** List prices for estimates: US dollars, ap-northeast-1 (the exchange's region), without free tiers. */
export const PRICES = {
  /** The month in which the prices were read. Prices change rarely; check the date before trusting a large sum. */
  asOf: '2026-11',
  region: 'ap-northeast-1',
  lambdaGbSecondArm: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  /** Standard workflows. Each state entered counts, retries included. */
  stateTransition: 0.025 / 1e3,
  /** PUT, and LIST, which costs the same. */
  s3Put: 0.0047 / 1e3,
  s3Get: 0.00037 / 1e3,
  s3StandardGbMonth: 0.025,
  /** Athena, per terabyte scanned. A query counts as at least 10 MB. */
  athenaTbScanned: 5,
} as const;

const DAYS_PER_MONTH = 30;

/** The amounts that AWS charges for. */
export interface AwsUse {
  readonly gbSeconds: number;
  readonly invocations: number;
  readonly transitions: number;
  /** PUT and LIST requests to S3. */
  readonly puts: number;
  readonly gets: number;
}

/** Returns the US dollars that the use costs. */
export function priceOf(use: AwsUse): number {
  return (
    use.gbSeconds * PRICES.lambdaGbSecondArm +
    use.invocations * PRICES.lambdaRequest +
    use.transitions * PRICES.stateTransition +
    use.puts * PRICES.s3Put +
    use.gets * PRICES.s3Get
  );
}

/** Returns the US dollars per month for keeping so many bytes. */
export function storagePrice(bytes: number): number {
  return (bytes / 1e9) * PRICES.s3StandardGbMonth;
}

/**
 * Bytes per candle of all that refine writes, checkpoints included. Measured 2026-11: 609 for a year of 15m, 557 for
 * two months of 1m.
 */
export const PARQUET_BYTES_PER_CANDLE = 600;

/** Returns the US dollars for tables of so many candles that a run replaces: the bucket keeps them for some days. */
export function replacedPrice(candles: number, days: number): number {
  return (storagePrice(candles * PARQUET_BYTES_PER_CANDLE) * days) / DAYS_PER_MONTH;
}
