import * as z from 'zod';
import { BadInput } from '../domain/errors.ts';
import { INTERVALS } from '../domain/interval.ts';
import { DEFAULT_LAKE_NAME } from '../domain/lake-name.ts';
import { MARKETS } from '../domain/market.ts';
import { DEFAULT_WATCH_LIST, type WatchList } from '../domain/watch-list.ts';
import { REPLACED_TABLE_DAYS } from '../lake/cost/deployment.ts';

/** The numbers of days for which CloudWatch can keep a log; it refuses any other number. */
export const LOG_RETENTION_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const satisfies readonly number[];

const DAY_MINUTES = 24 * 60;

const url = z.url({ protocol: /^https?$/ });

/** The id of a thing in EC2, such as `vpc-0a1b2c3d`. Older ids have 8 digits, newer ones 17. */
const idOf = (thing: string) => z.string().regex(new RegExp(`^${thing}-([0-9a-f]{8}|[0-9a-f]{17})$`));

/** A text that may be empty, which is its default. */
const textLike = (pattern: RegExp) => z.string().regex(pattern).default('');

/** The start times of a run, as an EventBridge Scheduler expression in UTC, and its request. */
const scheduleOf = (request: z.ZodType<Readonly<Record<string, unknown>>>) =>
  z.strictObject({ expression: z.string().regex(/^(cron|rate)\(.+\)$/), enabled: z.boolean(), request });

/** Weekly, and not in the hour in which the whole market is updated. */
const AUDIT = { expression: 'cron(20 13 ? * SUN *)', enabled: true, request: {} };

const REQUEST = z.record(z.string(), z.unknown()).default({});

/**
 * The settings of a deployment. Every field has a default. `cdk --context name=value` sets one (JSON, or plain text).
 */
const SCHEMA = z.strictObject({
  /** Suffix of the name, for several lakes in one account: `dev` makes `candlelake-dev`. Empty: no suffix. */
  stage: textLike(/^([a-z][a-z0-9]{0,19})?$/),
  /** Region of the stack. Empty: that of the command line's credentials. Binance's archive is in ap-northeast-1. */
  region: textLike(/^([a-z]{2}(-[a-z]+)+-\d)?$/),
  /** Name of the stack, of the Glue database, of the Athena workgroup and of the dashboard; see `stage`. */
  lakeName: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/)
    .default(DEFAULT_LAKE_NAME),
  /**
   * Name of a bucket that exists in the same region and becomes the lake. The stack changes none of its settings;
   * docs/operations.md lists those that it needs. Empty: the stack makes a bucket.
   */
  bucketName: textLike(/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/),
  /** Tags of every resource that can have tags, besides `application` and `stage`, which it may replace. */
  tags: z.record(z.string().regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u), z.string().max(256)).default({}),
  /** True to make CloudFormation refuse to delete the stack. */
  terminationProtection: z.boolean().default(false),
  /** The series that a run with the input `{}` updates. */
  watchList: z
    .strictObject({
      market: z.enum(MARKETS),
      symbols: z.array(z.string()).min(1),
      interval: z.enum(INTERVALS as [string, ...string[]]),
      period: z.string(),
    })
    .default({ ...DEFAULT_WATCH_LIST, symbols: [...DEFAULT_WATCH_LIST.symbols] }),
  /**
   * The watch list every quarter of an hour, with the input `{}`. The whole market once a day, about an hour after the
   * archive's newest day appears (08:40), with the streams, because some answers of REST about them cannot be fetched
   * later. An audit of the whole lake on Sundays.
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
   * True if runs want only what the archive has by now and send nothing to REST: for a region that Binance blocks. A
   * request may say `archiveOnly` itself. Candles are then a day old or older: raise `alarms.staleAfterMinutes` to 3600
   * or more.
   */
  archiveOnly: z.boolean().default(false),
  /** Most US dollars that a run may be expected to cost. A more expensive run is not started. */
  budgetUsd: z.number().positive().default(25),
  /**
   * The mail address of alarms, and the greatest age of each schedule's data, in minutes: three runs of the watch list,
   * a day and two hours, a week and a day. Change them together with `schedules`. They must be shorter than
   * `retentionDays.runs`.
   */
  alarms: z
    .strictObject({
      email: z.email().optional(),
      staleAfterMinutes: z
        .strictObject({
          watchList: z.int().positive().default(45),
          everything: z.int().positive().default(1_560),
          audit: z.int().positive().default(11_520),
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
      // Each series requests its samples from REST.
      audit: z.int().positive().default(2),
    })
    .prefault({ archive: 6, rest: 1, refine: 6 }),
  /** A query that would read more than this is cancelled. Athena allows no less than 10 MB. */
  athenaScanLimitBytes: z.int().min(10_000_000).default(100_000_000_000),
  /**
   * Key that encrypts the lake, its logs, the queue, the alarms' topic and the environment of the functions. It must be
   * in the same region, and its policy must be the one in docs/operations.md. Empty: keys of AWS.
   */
  kmsKeyArn: textLike(/^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+)?$/),
  /**
   * Private subnets of a VPC that the functions run in. If it is left out, they run in no VPC. The subnets need a NAT,
   * because the exchange is on the internet. Without security groups, one is made that lets HTTPS out.
   */
  vpc: z
    .strictObject({
      vpcId: idOf('vpc'),
      subnetIds: z.array(idOf('subnet')).min(1),
      securityGroupIds: z.array(idOf('sg')).min(1).optional(),
    })
    .optional(),
  /**
   * Grants for the catalogue stage and for the named roles and users, for accounts in which Lake Formation guards the
   * Glue catalogue. If it is left out, IAM alone decides.
   */
  lakeFormation: z
    .strictObject({ readers: z.array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/)).default([]) })
    .optional(),
  /** Base URLs that replace Binance's own, such as those of a mirror. Empty: Binance. */
  exchange: z
    .strictObject({ restUrl: url.optional(), archiveUrl: url.optional(), archiveListingUrl: url.optional() })
    .default({}),
  /** Names of the SecureString parameters that may hold the exchange API key. Candles need no key. */
  apiKeyParameters: z
    .strictObject({ key: z.string(), secret: z.string() })
    .default({ key: '/candlelake/binance/api-key', secret: '/candlelake/binance/secret-key' }),
  /**
   * Days that logs, query results, replaced versions of objects, replaced versions of tables, and the plans and results
   * of runs are kept. CloudWatch allows certain numbers only. A run can be redriven for 14 days, and needs its plan.
   */
  retentionDays: z
    .strictObject({
      logs: z.literal(LOG_RETENTION_DAYS),
      queryResults: z.int().positive(),
      replacedVersions: z.int().positive(),
      replacedTables: z.int().positive().default(REPLACED_TABLE_DAYS),
      runs: z.int().min(15).default(30),
    })
    .prefault({ logs: 30, queryResults: 14, replacedVersions: 30 }),
});

export type LakeConfig = z.infer<typeof SCHEMA>;

/** Returns the name of everything that a deployment has one of. */
export function deploymentName({ lakeName, stage }: Pick<LakeConfig, 'lakeName' | 'stage'>): string {
  return stage === '' ? lakeName : `${lakeName}-${stage}`;
}

/** Returns the defaults of a request. */
export function runDefaults({ watchList, archiveOnly }: Pick<LakeConfig, 'watchList' | 'archiveOnly'>): WatchList {
  return { ...watchList, ...(archiveOnly && { archiveOnly }) };
}

/** Names of the context keys that are read. */
export const CONFIG_KEYS = Object.keys(SCHEMA.shape) as (keyof LakeConfig)[];

/**
 * Reads the configuration. `context` returns the value of a context key, or undefined. Values from the command line are
 * text: JSON if it parses, plain text otherwise.
 * @throws BadInput naming the key
 */
export function readConfig(context: (key: string) => unknown): LakeConfig {
  const given = CONFIG_KEYS.map((key) => [key, fromText(context(key))]).filter(([, value]) => value !== undefined);
  const parsed = SCHEMA.safeParse(Object.fromEntries(given));
  if (parsed.success) {
    refuseTogether(parsed.data);
    return parsed.data;
  }
  const issue = parsed.error.issues[0]!;
  const value = JSON.stringify(fromText(context(String(issue.path[0]))));
  throw new BadInput(`context ${issue.path.join('.')}: ${issue.message}, got ${value}`);
}

/** Refuses settings that do not fit together. @throws BadInput naming the key */
function refuseTogether({ alarms, retentionDays, watchList, schedules }: LakeConfig): void {
  for (const [name, minutes] of Object.entries(alarms.staleAfterMinutes)) {
    if (minutes < retentionDays.runs * DAY_MINUTES) continue;
    const { runs } = retentionDays;
    const most = `less than retentionDays.runs, ${runs} days = ${runs * DAY_MINUTES} minutes`;
    const why = 'the record of the last complete run is removed then, and the alarm would have no metric';
    throw new BadInput(`context alarms.staleAfterMinutes.${name}: must be ${most}, because ${why}, got ${minutes}`);
  }
  const requests = Object.entries(schedules).map(
    ([name, { request }]) => [`schedules.${name}.request`, request] as const,
  );
  for (const [key, { market }] of [['watchList', watchList] as const, ...requests]) {
    if (market !== 'sim') continue;
    const real = MARKETS.filter((one) => one !== 'sim').join(', ');
    throw new BadInput(
      `context ${key}.market: must be one of ${real}, because simulated candles stay on a person's machine, got "sim"`,
    );
  }
}

function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
