import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { codeHash } from '../adapters/local/code-hash.ts';
import { CANDLES_SCHEMA } from '../domain/table-schema.ts';
import { FEATURES_SCHEMA } from '../features/schema.ts';
import { LABELS_SCHEMA } from '../labels/schema.ts';
import { VIEWS } from '../query/views.ts';
import type { LambdaStage } from './access.ts';
import { ApiKeyPermission } from './api-key-permission.ts';
import { CataloguePermissions } from './catalogue-permissions.ts';
import type { LakeConfig } from './config.ts';
import { LakeBucket } from './lake-bucket.ts';
import { QueryWorkgroup } from './query-workgroup.ts';
import { RefreshSchedule } from './refresh-schedule.ts';
import { RunAlarm } from './run-alarm.ts';
import { RunMachine } from './run-machine.ts';
import { SqlCatalogue } from './sql-catalogue.ts';
import { SqlViews } from './sql-views.ts';
import { StageFunction } from './stage-function.ts';

export interface LakeStackProps extends StackProps {
  readonly config: LakeConfig;
}

/** Wires the constructs together; resources are defined in theirs. Ids are a contract: a changed one replaces a resource. */
export class LakeStack extends Stack {
  readonly lake: LakeBucket;
  readonly stages: Readonly<Record<LambdaStage, StageFunction>>;
  readonly runs: RunMachine;

  constructor(scope: Construct, id: string, { config, ...props }: LakeStackProps) {
    super(scope, id, props);
    const logDays = config.retentionDays.logs;
    this.lake = new LakeBucket(this, 'Lake', {
      replacedVersionDays: config.retentionDays.replacedVersions,
      queryResultDays: config.retentionDays.queryResults,
      logDays,
    });
    const { bucket } = this.lake;
    const databaseName = config.lakeName.replaceAll('-', '_');
    const catalogue = new SqlCatalogue(this, 'Sql', {
      bucket,
      databaseName,
      tables: [CANDLES_SCHEMA, FEATURES_SCHEMA, LABELS_SCHEMA],
    });
    const workgroup = new QueryWorkgroup(this, 'Query', {
      bucket,
      name: config.lakeName,
      scanLimitBytes: config.athenaScanLimitBytes,
    });
    new SqlViews(this, 'Views', { catalogue, workgroup, views: VIEWS, literals: config.watchList });

    const exchange = exchangeEnvironment(config.exchange);
    this.stages = {
      plan: new StageFunction(this, 'Plan', {
        stage: 'plan',
        bucket,
        logDays,
        memoryMiB: 1024,
        timeoutSec: 300,
        environment: { ...exchange, CANDLELAKE_WATCH_LIST: JSON.stringify(config.watchList) },
      }),
      fetch: new StageFunction(this, 'Fetch', {
        stage: 'fetch',
        bucket,
        logDays,
        memoryMiB: 1024,
        timeoutSec: 900,
        environment: {
          ...exchange,
          CANDLELAKE_API_KEY_PARAMETER: config.apiKeyParameters.key,
          CANDLELAKE_SECRET_KEY_PARAMETER: config.apiKeyParameters.secret,
        },
      }),
      refine: new StageFunction(this, 'Refine', {
        stage: 'refine',
        bucket,
        logDays,
        memoryMiB: 3008,
        timeoutSec: 900,
        environment: { CANDLELAKE_CODE_HASH: codeHash() },
        copiedFiles: ['parquet-wasm/node/parquet_wasm_bg.wasm'],
      }),
      catalogue: new StageFunction(this, 'Catalogue', {
        stage: 'catalogue',
        bucket,
        logDays,
        memoryMiB: 1024,
        timeoutSec: 900,
        environment: { CANDLELAKE_DATABASE: databaseName },
      }),
    };
    new ApiKeyPermission(this, 'ApiKeyPermission', {
      parameters: config.apiKeyParameters,
      role: this.stages.fetch.role,
    });
    new CataloguePermissions(this, 'CataloguePermissions', { catalogue, role: this.stages.catalogue.role });

    this.runs = new RunMachine(this, 'Runs', {
      bucket,
      stages: this.stages,
      concurrency: config.concurrency,
      logDays,
    });
    new RefreshSchedule(this, 'Refresh', { stateMachine: this.runs.stateMachine, ...config.schedule });
    const alarm = new RunAlarm(this, 'Alarm', { stateMachine: this.runs.stateMachine });

    new CfnOutput(this, 'LakeUrl', { value: `s3://${bucket.bucketName}` });
    new CfnOutput(this, 'StateMachineArn', { value: this.runs.stateMachine.stateMachineArn });
    new CfnOutput(this, 'DatabaseName', { value: databaseName });
    new CfnOutput(this, 'WorkgroupName', { value: workgroup.name });
    new CfnOutput(this, 'AlarmTopicArn', { value: alarm.topic.topicArn });
  }
}

/** The base URLs that stand in for Binance's, as the environment names them. */
function exchangeEnvironment(exchange: LakeConfig['exchange']): Record<string, string> {
  const named = {
    CANDLELAKE_REST_URL: exchange.restUrl,
    CANDLELAKE_ARCHIVE_URL: exchange.archiveUrl,
    CANDLELAKE_ARCHIVE_LISTING_URL: exchange.archiveListingUrl,
  };
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
