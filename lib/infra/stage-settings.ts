import { codeHashes } from '../adapters/local/code-hash.ts';
import { databaseName } from '../domain/lake-name.ts';
import { LAMBDA_MIB } from '../lake/cost/deployment.ts';
import type { LambdaStage } from './access.ts';
import { deploymentName, type LakeConfig, runDefaults } from './config.ts';

/** The settings of the Lambda of one stage. */
interface StageSettings {
  /** Id of the construct. A changed id would replace the function. */
  readonly id: string;
  readonly memoryMiB: number;
  readonly timeoutSec: number;
  readonly environment: (config: LakeConfig) => Readonly<Record<string, string>>;
}

/** The longest that Lambda allows. */
const TIMEOUT_SEC = 900;

/** The Lambdas, one row per stage. */
export const STAGE_SETTINGS: Readonly<Record<LambdaStage, StageSettings>> = {
  plan: {
    id: 'Plan',
    memoryMiB: LAMBDA_MIB.plan,
    timeoutSec: TIMEOUT_SEC,
    environment: (config) => ({
      ...exchangeUrls(config),
      CANDLELAKE_WATCH_LIST: JSON.stringify(runDefaults(config)),
      CANDLELAKE_BUDGET_USD: String(config.budgetUsd),
      CANDLELAKE_REPLACED_TABLE_DAYS: String(config.retentionDays.replacedTables),
      ...(config.schedules.audit.enabled && { CANDLELAKE_AUDIT_SCHEDULED: 'true' }),
    }),
  },
  fetch: {
    id: 'Fetch',
    memoryMiB: LAMBDA_MIB.fetch,
    timeoutSec: TIMEOUT_SEC,
    environment: (config) => ({
      ...exchangeUrls(config),
      CANDLELAKE_API_KEY_PARAMETER: config.apiKeyParameters.key,
      CANDLELAKE_SECRET_KEY_PARAMETER: config.apiKeyParameters.secret,
    }),
  },
  refine: {
    id: 'Refine',
    memoryMiB: LAMBDA_MIB.refine,
    timeoutSec: TIMEOUT_SEC,
    environment: () => {
      const { candles, streams } = codeHashes();
      return { CANDLELAKE_CODE_HASH: candles, CANDLELAKE_STREAM_CODE_HASH: streams };
    },
  },
  catalogue: {
    id: 'Catalogue',
    memoryMiB: LAMBDA_MIB.catalogue,
    timeoutSec: TIMEOUT_SEC,
    environment: (config) => ({ CANDLELAKE_DATABASE: databaseName(deploymentName(config)) }),
  },
  audit: {
    id: 'Audit',
    memoryMiB: LAMBDA_MIB.audit,
    timeoutSec: TIMEOUT_SEC,
    environment: (config) => ({ ...exchangeUrls(config), CANDLELAKE_STREAM_CODE_HASH: codeHashes().streams }),
  },
};

/** The base URLs that replace Binance's own, by the names of their environment variables. */
function exchangeUrls({ exchange }: LakeConfig): Record<string, string> {
  const named = {
    CANDLELAKE_REST_URL: exchange.restUrl,
    CANDLELAKE_ARCHIVE_URL: exchange.archiveUrl,
    CANDLELAKE_ARCHIVE_LISTING_URL: exchange.archiveListingUrl,
  };
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
