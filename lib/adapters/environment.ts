import { BadInput } from '../domain/errors.ts';
import { DEFAULT_LAKE_NAME, LAKE_NAME } from '../domain/lake-name.ts';
import { parseTime } from '../domain/time-range.ts';
import { type ExchangeUrls, urlsWith } from '../exchange/markets.ts';
import type { ApiKey } from '../ports.ts';

/** Everything that the environment may say, read and checked once. */
export interface Environment {
  /** Folder or `s3://bucket`. */
  readonly lake: string;
  /** Name that a lake on S3 was deployed under, which says where its tables are. */
  readonly lakeName: string;
  readonly urls: ExchangeUrls;
  /** True if a base URL was given: another server may take Binance's place. */
  readonly standIn: boolean;
  /** The instant used as now, for reproducible runs. */
  readonly nowMs: number | undefined;
  readonly apiKey: ApiKey | undefined;
}

interface Check {
  readonly name: string;
  readonly allowed: string;
  readonly isValid: (text: string) => boolean;
}

/** The variables that are checked. It needs no library for schemas, because every command would wait for that. */
const CHECKS: readonly Check[] = [
  {
    name: 'CANDLELAKE_NAME',
    allowed: 'the name of a deployed lake such as candlelake-dev',
    isValid: (text) => LAKE_NAME.test(text),
  },
  ...['CANDLELAKE_REST_URL', 'CANDLELAKE_ARCHIVE_URL', 'CANDLELAKE_ARCHIVE_LISTING_URL'].map((name) => ({
    name,
    allowed: 'an http(s) URL',
    isValid: (text: string) => /^https?:\/\//i.test(text) && URL.canParse(text),
  })),
];

/**
 * Reads the environment; an empty variable counts as not set. @throws BadInput naming the variable, its value, what is
 * allowed.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
  for (const { name, allowed, isValid } of CHECKS) {
    const text = env[name];
    if (text !== undefined && !isValid(text)) throw new BadInput(`${name} must be ${allowed}, got '${text}'`);
  }
  const { BINANCE_API_KEY: key, BINANCE_SECRET_KEY: secret } = env;
  const rest = bare(env['CANDLELAKE_REST_URL']);
  const archive = bare(env['CANDLELAKE_ARCHIVE_URL']);
  const listing = bare(env['CANDLELAKE_ARCHIVE_LISTING_URL']);
  return {
    lake: env['CANDLELAKE_LAKE'] ?? './lake',
    lakeName: env['CANDLELAKE_NAME'] ?? DEFAULT_LAKE_NAME,
    urls: urlsWith({ rest, archive, archiveListing: listing ?? archive }),
    standIn: [rest, archive, listing].some((given) => given !== undefined),
    nowMs: env['CANDLELAKE_NOW'] === undefined ? undefined : parseTime(env['CANDLELAKE_NOW'], 'CANDLELAKE_NOW'),
    apiKey: key && secret ? { key, secret } : undefined,
  };
}

function bare(text: string | undefined): string | undefined {
  return text?.replace(/\/+$/, '');
}
