import { z } from 'zod';
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
  /** The instant that stands for now, for reproducible runs. */
  readonly nowMs: number | undefined;
  readonly apiKey: ApiKey | undefined;
}

const url = z.url({ protocol: /^https?$/, error: (issue) => `must be an http(s) URL, got '${issue.input}'` });
const SCHEMA = z.object({
  CANDLELAKE_LAKE: z.string().optional(),
  CANDLELAKE_NAME: z
    .string()
    .regex(LAKE_NAME, {
      error: (issue) => `must be the name of a deployed lake such as candlelake-dev, got '${issue.input}'`,
    })
    .optional(),
  CANDLELAKE_REST_URL: url.optional(),
  CANDLELAKE_ARCHIVE_URL: url.optional(),
  CANDLELAKE_ARCHIVE_LISTING_URL: url.optional(),
  CANDLELAKE_NOW: z.string().optional(),
  BINANCE_API_KEY: z.string().optional(),
  BINANCE_SECRET_KEY: z.string().optional(),
});

/** Reads the environment; an empty variable counts as not set. @throws BadInput naming the variable, its value, what is allowed. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
  const parsed = SCHEMA.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new BadInput(`${issue.path.join('.')} ${issue.message}`);
  }
  const env = parsed.data;
  const rest = bare(env.CANDLELAKE_REST_URL);
  const archive = bare(env.CANDLELAKE_ARCHIVE_URL);
  const listing = bare(env.CANDLELAKE_ARCHIVE_LISTING_URL);
  return {
    lake: env.CANDLELAKE_LAKE ?? './lake',
    lakeName: env.CANDLELAKE_NAME ?? DEFAULT_LAKE_NAME,
    urls: urlsWith({ rest, archive, archiveListing: listing ?? archive }),
    standIn: [rest, archive, listing].some((given) => given !== undefined),
    nowMs: env.CANDLELAKE_NOW === undefined ? undefined : parseTime(env.CANDLELAKE_NOW, 'CANDLELAKE_NOW'),
    apiKey:
      env.BINANCE_API_KEY && env.BINANCE_SECRET_KEY
        ? { key: env.BINANCE_API_KEY, secret: env.BINANCE_SECRET_KEY }
        : undefined,
  };
}

function bare(text: string | undefined): string | undefined {
  return text?.replace(/\/+$/, '');
}
