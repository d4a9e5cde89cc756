import { z } from 'zod';
import { BadInput } from '../domain/errors.ts';
import { INTERVALS } from '../domain/interval.ts';
import { MARKETS } from '../domain/market.ts';
import { DEFAULT_WATCH_LIST } from '../domain/watch-list.ts';

const url = z.url({ protocol: /^https?$/ });

/** What a deployment may say. Every field has a default; `cdk --context name=value` overrides one (JSON, or plain text). */
const SCHEMA = z.strictObject({
  /** Name of the stack, of the Glue database and of the Athena workgroup. */
  lakeName: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/)
    .default('candlelake'),
  /** What a run with the input `{}` brings up to date. */
  watchList: z
    .strictObject({
      market: z.enum(MARKETS),
      symbols: z.array(z.string()).min(1),
      interval: z.enum(INTERVALS as [string, ...string[]]),
      period: z.string(),
    })
    .default({ ...DEFAULT_WATCH_LIST, symbols: [...DEFAULT_WATCH_LIST.symbols] }),
  /** When the watch list is refreshed: an EventBridge Scheduler expression in UTC. The archive's day appears at about 08:40. */
  schedule: z
    .strictObject({ expression: z.string().regex(/^(cron|rate)\(.+\)$/), enabled: z.boolean() })
    .default({ expression: 'cron(30 9 * * ? *)', enabled: true }),
  /** Children of each map that run at once. REST shares one budget of weight per address: keep it at 1 or 2. */
  concurrency: z
    .strictObject({ archive: z.int().positive(), rest: z.int().positive(), refine: z.int().positive() })
    .default({ archive: 50, rest: 1, refine: 50 }),
  /** A query that would read more than this is cancelled. Athena allows no less than 10 MB. */
  athenaScanLimitBytes: z.int().min(10_000_000).default(100_000_000_000),
  /** Base URLs that stand in for Binance's own, such as a mirror; empty: Binance. */
  exchange: z
    .strictObject({ restUrl: url.optional(), archiveUrl: url.optional(), archiveListingUrl: url.optional() })
    .default({}),
  /** Names of the SecureString parameters that may hold the exchange API key. Candles need none. */
  apiKeyParameters: z
    .strictObject({ key: z.string(), secret: z.string() })
    .default({ key: '/candlelake/binance/api-key', secret: '/candlelake/binance/secret-key' }),
  /** Days that logs, query results and replaced versions of objects are kept. */
  retentionDays: z
    .strictObject({ logs: z.int().positive(), queryResults: z.int().positive(), replacedVersions: z.int().positive() })
    .default({ logs: 30, queryResults: 14, replacedVersions: 30 }),
});

export type LakeConfig = z.infer<typeof SCHEMA>;
export type WatchListConfig = LakeConfig['watchList'];

/** Names of the context keys that are read. */
export const CONFIG_KEYS = Object.keys(SCHEMA.shape) as (keyof LakeConfig)[];

/**
 * Reads the configuration; `context` gives the value of a context key or undefined. Values from the command line are
 * text: JSON where it parses, plain text otherwise. @throws BadInput naming the key.
 */
export function readConfig(context: (key: string) => unknown): LakeConfig {
  const given = CONFIG_KEYS.map((key) => [key, fromText(context(key))]).filter(([, value]) => value !== undefined);
  const parsed = SCHEMA.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const value = JSON.stringify(fromText(context(String(issue.path[0]))));
  throw new BadInput(`context ${issue.path.join('.')}: ${issue.message}, got ${value}`);
}

function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
