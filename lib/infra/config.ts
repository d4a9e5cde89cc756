import { z } from 'zod';
import { BadInput } from '../domain/errors.ts';
import { INTERVALS } from '../domain/interval.ts';
import { DEFAULT_LAKE_NAME } from '../domain/lake-name.ts';
import { MARKETS } from '../domain/market.ts';
import { DEFAULT_WATCH_LIST, type WatchList } from '../domain/watch-list.ts';
import { REPLACED_TABLE_DAYS } from '../lake/cost/deployment.ts';
import { LOG_RETENTION_DAYS } from './log-retention.ts';

const RUN_DAYS = 30;

const url = z.url({ protocol: /^https?$/ });

/** The id that EC2 gives a thing, such as `vpc-0a1b2c3d`: older ones have 8 digits, newer ones 17. */
const idOf = (thing: string) => z.string().regex(new RegExp(`^${thing}-([0-9a-f]{8}|[0-9a-f]{17})$`));

/** When a run is started, an EventBridge Scheduler expression in UTC, and what it is asked for. */
const scheduleOf = (request: z.ZodType<Readonly<Record<string, unknown>>>) =>
  z.strictObject({ expression: z.string().regex(/^(cron|rate)\(.+\)$/), enabled: z.boolean(), request });

/** Weekly, and not in the hour in which the whole market is brought up to date. */
const AUDIT = { expression: 'cron(20 13 ? * SUN *)', enabled: true, request: {} };

/** Series: each asks REST for its samples. */
const AUDITS_AT_ONCE = 2;

const REQUEST = z.record(z.string(), z.unknown()).default({});

/** What a deployment may say. Every field has a default; `cdk --context name=value` overrides one (JSON, or plain text). */
const SCHEMA = z.strictObject({
  /** Sets lakes beside each other in one account: `dev` makes `candlelake-dev`. Empty: the lake's name alone. */
  stage: z
    .string()
    .regex(/^([a-z][a-z0-9]{0,19})?$/)
    .default(''),
  /** Region of the stack; empty: that of the command line's credentials. Binance's archive is in ap-northeast-1. */
  region: z
    .string()
    .regex(/^([a-z]{2}(-[a-z]+)+-\d)?$/)
    .default(''),
  /** Name of the stack, of the Glue database, of the Athena workgroup and of the dashboard; see `stage`. */
  lakeName: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/)
    .default(DEFAULT_LAKE_NAME),
  /**
   * Name of a bucket that exists in the same region and becomes the lake. The stack changes none of its settings;
   * docs/operations.md lists those that it needs. Empty: the stack makes a bucket.
   */
  bucketName: z
    .string()
    .regex(/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/)
    .default(''),
  /** Tags of every resource that can have tags, besides `application` and `stage`, which it may replace. */
  tags: z.record(z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u), z.string().max(256)).default({}),
  /** True to make CloudFormation refuse to delete the stack. */
  terminationProtection: z.boolean().default(false),
  /** What a run with the input `{}` brings up to date. */
  watchList: z
    .strictObject({
      market: z.enum(MARKETS),
      symbols: z.array(z.string()).min(1),
      interval: z.enum(INTERVALS as [string, ...string[]]),
      period: z.string(),
    })
    .default({ ...DEFAULT_WATCH_LIST, symbols: [...DEFAULT_WATCH_LIST.symbols] }),
  /**
   * The watch list every quarter of an hour, its input `{}`; the whole market once a day, at about an hour after the
   * archive's newest day appears (08:40), with the streams: what REST tells of them today
   * cannot be had later; an audit on Sundays, of all that the lake holds.
   */
  schedules: z
    .strictObject({
      watchList: scheduleOf(REQUEST),
      everything: scheduleOf(REQUEST),
      audit: scheduleOf(REQUEST).default(AUDIT),
    })
    .default({
      watchList: { expression: 'cron(1/15 * * * ? *)', enabled: true, request: {} },
      everything: {
        expression: 'cron(40 9 * * ? *)',
        enabled: true,
        request: { symbols: ['all'], interval: '15m', period: '1y', streams: true },
      },
      audit: AUDIT,
    }),
  /**
   * True if runs want only what the archive has by now and REST is never asked: for a region that Binance blocks. A
   * request may say `archiveOnly` itself. Candles are then a day old or older: raise `alarms.staleAfterMinutes` to 3600
   * or more.
   */
  archiveOnly: z.boolean().default(false),
  /** Most that a run may be expected to cost, US dollars; one above it is not started. */
  budgetUsd: z.number().positive().default(25),
  /**
   * Where alarms go besides their topic, and how old what a schedule brings may be, in minutes: three runs of the watch
   * list, a day and two hours, a week and a day. Change them together with `schedules`.
   */
  alarms: z
    .strictObject({
      email: z.email().optional(),
      staleAfterMinutes: z
        .strictObject({
          watchList: z.int().positive().default(45),
          everything: z
            .int()
            .positive()
            .default(26 * 60),
          audit: z
            .int()
            .positive()
            .default(8 * 24 * 60),
        })
        .prefault({}),
    })
    .prefault({}),
  /**
   * Children of each map that run at once. A new AWS account runs 10 functions at once, and the defaults fit: 6 of the
   * whole market's run, 2 of a watch list's, 2 of an audit's. An account with more quota may raise them, up to half of
   * it. REST shares one budget of weight per address: keep it at 1 or 2.
   */
  concurrency: z
    .strictObject({
      archive: z.int().positive(),
      rest: z.int().positive(),
      refine: z.int().positive(),
      audit: z.int().positive().default(AUDITS_AT_ONCE),
    })
    .default({ archive: 6, rest: 1, refine: 6, audit: AUDITS_AT_ONCE }),
  /** A query that would read more than this is cancelled. Athena allows no less than 10 MB. */
  athenaScanLimitBytes: z.int().min(10_000_000).default(100_000_000_000),
  /**
   * Key that encrypts the lake, its logs, the queue, the alarms' topic and the environment of the functions. It must be
   * in the same region, and its policy must be the one in docs/operations.md. Empty: keys of AWS.
   */
  kmsKeyArn: z
    .string()
    .regex(/^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+)?$/)
    .default(''),
  /**
   * Private subnets of a VPC that the functions run in; left out: none. The subnets need a NAT, or nothing of the exchange
   * is in reach. Without security groups one is made that lets HTTPS out.
   */
  vpc: z
    .strictObject({
      vpcId: idOf('vpc'),
      subnetIds: z.array(idOf('subnet')).min(1),
      securityGroupIds: z.array(idOf('sg')).min(1).optional(),
    })
    .optional(),
  /**
   * For accounts in which Lake Formation guards the Glue catalogue: grants for the catalogue stage, and for the roles
   * and users named. Left out: IAM alone decides.
   */
  lakeFormation: z
    .strictObject({ readers: z.array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/)).default([]) })
    .optional(),
  /** Base URLs that stand in for Binance's own, such as a mirror; empty: Binance. */
  exchange: z
    .strictObject({ restUrl: url.optional(), archiveUrl: url.optional(), archiveListingUrl: url.optional() })
    .default({}),
  /** Names of the SecureString parameters that may hold the exchange API key. Candles need none. */
  apiKeyParameters: z
    .strictObject({ key: z.string(), secret: z.string() })
    .default({ key: '/candlelake/binance/api-key', secret: '/candlelake/binance/secret-key' }),
  /**
   * Days that logs, query results, replaced versions of objects, replaced versions of tables, and the plans and results
   * of runs are kept. CloudWatch allows certain numbers only; a run can be redriven for 14 days, and needs its plan.
   */
  retentionDays: z
    .strictObject({
      logs: z.literal(LOG_RETENTION_DAYS),
      queryResults: z.int().positive(),
      replacedVersions: z.int().positive(),
      replacedTables: z.int().positive().default(REPLACED_TABLE_DAYS),
      runs: z.int().min(15).default(RUN_DAYS),
    })
    .default({
      logs: 30,
      queryResults: 14,
      replacedVersions: 30,
      replacedTables: REPLACED_TABLE_DAYS,
      runs: RUN_DAYS,
    }),
});

export type LakeConfig = z.infer<typeof SCHEMA>;
export type WatchListConfig = LakeConfig['watchList'];

/** Name of everything that a deployment has one of. */
export function deploymentName({ lakeName, stage }: Pick<LakeConfig, 'lakeName' | 'stage'>): string {
  return stage === '' ? lakeName : `${lakeName}-${stage}`;
}

/** What a run does if its request leaves things out. */
export function runDefaults({ watchList, archiveOnly }: Pick<LakeConfig, 'watchList' | 'archiveOnly'>): WatchList {
  return { ...watchList, ...(archiveOnly && { archiveOnly }) };
}

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
