/** List prices that estimates are made with: US dollars, ap-northeast-1 (where the exchange is), without free tiers. */
export const PRICES = {
  /** When the table was last put down. Prices move rarely; look at the date before trusting a large sum. */
  asOf: '2026-11',
  region: 'ap-northeast-1',
  lambdaGbSecondArm: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  /** Standard workflows; each state entered counts, retries too. */
  stateTransition: 0.025 / 1e3,
  /** PUT, and LIST, which costs the same. */
  s3Put: 0.0047 / 1e3,
  s3Get: 0.00037 / 1e3,
  s3StandardGbMonth: 0.025,
  /** Athena, a terabyte scanned; a query counts as 10 MB at the least. */
  athenaTbScanned: 5,
} as const;

/** A price a month is for so many days. */
export const DAYS_PER_MONTH = 30;

/** What a run uses of each thing that is paid for. */
export interface AwsUse {
  readonly gbSeconds: number;
  readonly invocations: number;
  readonly transitions: number;
  /** PUT and LIST requests to S3. */
  readonly puts: number;
  readonly gets: number;
}

/** US dollars that the use costs. */
export function priceOf(use: AwsUse): number {
  return (
    use.gbSeconds * PRICES.lambdaGbSecondArm +
    use.invocations * PRICES.lambdaRequest +
    use.transitions * PRICES.stateTransition +
    use.puts * PRICES.s3Put +
    use.gets * PRICES.s3Get
  );
}

/** US dollars a month for keeping so many bytes. */
export function storagePrice(bytes: number): number {
  return (bytes / 1e9) * PRICES.s3StandardGbMonth;
}
