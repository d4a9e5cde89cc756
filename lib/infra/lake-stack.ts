import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { codeHashes } from '../adapters/local/code-hash.ts';
import { databaseName } from '../domain/lake-name.ts';
import { LAMBDA_MIB } from '../lake/cost/aws-use.ts';
import { PARQUET_TABLES, RUN_REPORTS, VIEWS } from '../query/views.ts';
import type { LambdaStage } from './access.ts';
import { ApiKeyPermission } from './api-key-permission.ts';
import { AuditMachine } from './audit-machine.ts';
import { AuditSchedule } from './audit-schedule.ts';
import { CataloguePermissions } from './catalogue-permissions.ts';
import { deploymentName, type LakeConfig, runDefaults } from './config.ts';
import { FunctionNetwork } from './function-network.ts';
import { LakeAlarms } from './lake-alarms.ts';
import { LakeBucket } from './lake-bucket.ts';
import { LakeDashboard } from './lake-dashboard.ts';
import { LakeFormationGrants } from './lake-formation-grants.ts';
import { QueryWorkgroup } from './query-workgroup.ts';
import { ReaderPolicy } from './reader-policy.ts';
import { RefreshSchedules } from './refresh-schedules.ts';
import { RunMachine } from './run-machine.ts';
import { SqlCatalogue } from './sql-catalogue.ts';
import { SqlViews } from './sql-views.ts';
import { StageFunction } from './stage-function.ts';
import { useOwnKey } from './use-own-key.ts';

export interface LakeStackProps extends StackProps {
  readonly config: LakeConfig;
}

/** A month of 1m features, all their bytes at once, and the candles of two intervals. */
const AUDIT_MIB = 2048;

/** What whoever writes Parquet reads at run time. */
const WRITER_FILES = ['parquet-wasm/node/parquet_wasm_bg.wasm'];

/** Wires the constructs together; resources are defined in theirs. Ids are a contract: a changed one replaces a resource. */
export class LakeStack extends Stack {
  readonly lake: LakeBucket;
  readonly stages: Readonly<Record<LambdaStage, StageFunction>>;
  readonly runs: RunMachine;

  constructor(scope: Construct, id: string, { config, ...props }: LakeStackProps) {
    super(scope, id, props);
    const logDays = config.retentionDays.logs;
    const key = config.kmsKeyArn ? Key.fromKeyArn(this, 'Key', config.kmsKeyArn) : undefined;
    this.lake = new LakeBucket(this, 'Lake', {
      adoptedName: config.bucketName || undefined,
      key,
      replacedVersionDays: config.retentionDays.replacedVersions,
      replacedTableDays: config.retentionDays.replacedTables,
      runDays: config.retentionDays.runs,
      queryResultDays: config.retentionDays.queryResults,
      logDays,
    });
    const { bucket } = this.lake;
    const name = deploymentName(config);
    const database = databaseName(name);
    const catalogue = new SqlCatalogue(this, 'Sql', {
      bucket,
      databaseName: database,
      tables: PARQUET_TABLES,
    });
    const workgroup = new QueryWorkgroup(this, 'Query', {
      bucket,
      name,
      keyArn: key?.keyArn,
      scanLimitBytes: config.athenaScanLimitBytes,
    });
    new SqlViews(this, 'Views', { catalogue, workgroup, views: VIEWS, literals: config.watchList });

    const exchange = exchangeEnvironment(config.exchange);
    const network = config.vpc && new FunctionNetwork(this, 'Network', config.vpc);
    this.stages = {
      plan: new StageFunction(this, 'Plan', {
        stage: 'plan',
        service: name,
        bucket,
        network,
        logDays,
        memoryMiB: LAMBDA_MIB.plan,
        timeoutSec: 900,
        environment: {
          ...exchange,
          CANDLELAKE_WATCH_LIST: JSON.stringify(runDefaults(config)),
          CANDLELAKE_BUDGET_USD: String(config.budgetUsd),
          CANDLELAKE_REPLACED_TABLE_DAYS: String(config.retentionDays.replacedTables),
        },
      }),
      fetch: new StageFunction(this, 'Fetch', {
        stage: 'fetch',
        service: name,
        bucket,
        network,
        logDays,
        memoryMiB: LAMBDA_MIB.fetch,
        timeoutSec: 900,
        environment: {
          ...exchange,
          CANDLELAKE_API_KEY_PARAMETER: config.apiKeyParameters.key,
          CANDLELAKE_SECRET_KEY_PARAMETER: config.apiKeyParameters.secret,
        },
      }),
      refine: new StageFunction(this, 'Refine', {
        stage: 'refine',
        service: name,
        bucket,
        network,
        logDays,
        memoryMiB: LAMBDA_MIB.refine,
        timeoutSec: 900,
        environment: { CANDLELAKE_CODE_HASH: codeHashes().candles, CANDLELAKE_STREAM_CODE_HASH: codeHashes().streams },
        copiedFiles: WRITER_FILES,
      }),
      catalogue: new StageFunction(this, 'Catalogue', {
        stage: 'catalogue',
        service: name,
        bucket,
        network,
        logDays,
        memoryMiB: LAMBDA_MIB.catalogue,
        timeoutSec: 900,
        environment: { CANDLELAKE_DATABASE: database },
      }),
      audit: new StageFunction(this, 'Audit', {
        stage: 'audit',
        service: name,
        bucket,
        network,
        logDays,
        memoryMiB: AUDIT_MIB,
        timeoutSec: 900,
        environment: { ...exchange, CANDLELAKE_STREAM_CODE_HASH: codeHashes().streams },
        // It makes the streams' tables again.
        copiedFiles: WRITER_FILES,
      }),
    };
    new ApiKeyPermission(this, 'ApiKeyPermission', {
      parameters: config.apiKeyParameters,
      role: this.stages.fetch.role,
    });
    new CataloguePermissions(this, 'CataloguePermissions', { catalogue, role: this.stages.catalogue.role });
    const { policy: readers } = new ReaderPolicy(this, 'Readers', {
      bucket,
      key,
      workgroupName: workgroup.name,
      databaseName: database,
      tableNames: [...catalogue.tableNames, RUN_REPORTS.name],
      viewNames: VIEWS.map((view) => view.name),
    });
    if (config.lakeFormation) {
      new LakeFormationGrants(this, 'LakeFormation', {
        catalogue,
        writerArn: this.stages.catalogue.role.roleArn,
        readerArns: config.lakeFormation.readers,
      });
    }

    this.runs = new RunMachine(this, 'Runs', {
      bucket,
      stages: this.stages,
      concurrency: config.concurrency,
      logDays,
    });
    const { stateMachine } = this.runs;
    const { stateMachine: auditor } = new AuditMachine(this, 'Audits', {
      bucket,
      audit: this.stages.audit,
      maxConcurrency: config.concurrency.audit,
      logDays,
    });
    const { deadLetters, starter } = new RefreshSchedules(this, 'Refresh', {
      stateMachine,
      schedules: config.schedules,
      logDays,
    });
    new AuditSchedule(this, 'AuditSchedule', { stateMachine: auditor, schedule: config.schedules.audit, deadLetters });
    const watched = { stateMachine, stages: this.stages, service: name };
    const { topic, alarms } = new LakeAlarms(this, 'Alarm', {
      ...watched,
      deadLetters,
      starter,
      auditor,
      alarms: config.alarms,
      schedules: config.schedules,
    });
    new LakeDashboard(this, 'Dashboard', { ...watched, alarms });
    const roles = [...Object.values(this.stages), stateMachine, auditor].map(({ role }) => role as Role);
    if (key) useOwnKey(this, key, roles);

    new CfnOutput(this, 'LakeUrl', { value: `s3://${bucket.bucketName}` });
    new CfnOutput(this, 'StateMachineArn', { value: this.runs.stateMachine.stateMachineArn });
    new CfnOutput(this, 'AuditMachineArn', { value: auditor.stateMachineArn });
    new CfnOutput(this, 'DatabaseName', { value: database });
    new CfnOutput(this, 'WorkgroupName', { value: workgroup.name });
    new CfnOutput(this, 'ReaderPolicyArn', { value: readers.managedPolicyArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
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
