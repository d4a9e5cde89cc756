import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { databaseName } from '../domain/lake-name.ts';
import { PARQUET_TABLES, RUN_REPORTS, VIEWS } from '../query/views.ts';
import { LAMBDA_STAGES, type LambdaStage } from './access.ts';
import { AuditMachine } from './audit-machine.ts';
import { AuditSchedule } from './audit-schedule.ts';
import { deploymentName, type LakeConfig } from './config.ts';
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
import { grantApiKey, grantCatalogue } from './stage-permissions.ts';
import { STAGE_SETTINGS } from './stage-settings.ts';
import { useOwnKey } from './use-own-key.ts';

interface LakeStackProps extends StackProps {
  readonly config: LakeConfig;
}

/**
 * Wires the constructs together. Each construct defines its own resources. Ids are a contract: a changed id replaces a
 * resource.
 */
export class LakeStack extends Stack {
  readonly lake: LakeBucket;
  readonly stages: Readonly<Record<LambdaStage, StageFunction>>;
  readonly runs: RunMachine;
  readonly #config: LakeConfig;
  /** Name of everything that a deployment has one of. */
  readonly #name: string;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { config, ...props }: LakeStackProps) {
    super(scope, id, props);
    this.#config = config;
    this.#name = deploymentName(config);
    this.#key = config.kmsKeyArn ? Key.fromKeyArn(this, 'Key', config.kmsKeyArn) : undefined;
    const { retentionDays, concurrency } = config;
    const logDays = retentionDays.logs;
    this.lake = new LakeBucket(this, 'Lake', {
      adoptedName: config.bucketName || undefined,
      key: this.#key,
      replacedVersionDays: retentionDays.replacedVersions,
      replacedTableDays: retentionDays.replacedTables,
      runDays: retentionDays.runs,
      queryResultDays: retentionDays.queryResults,
      logDays,
    });
    const { bucket } = this.lake;
    this.stages = this.#addStages();
    this.#addSql();
    this.runs = new RunMachine(this, 'Runs', { bucket, stages: this.stages, concurrency, logDays });
    const { stateMachine } = this.runs;
    const { audit } = this.stages;
    const audits = new AuditMachine(this, 'Audits', { bucket, audit, maxConcurrency: concurrency.audit, logDays });
    this.#addSchedulesAndAlarms(stateMachine, audits.stateMachine);
    const roles = [...Object.values(this.stages), stateMachine, audits.stateMachine].map(({ role }) => role as Role);
    if (this.#key) useOwnKey(this, this.#key, roles);
    new CfnOutput(this, 'LakeUrl', { value: `s3://${bucket.bucketName}` });
    new CfnOutput(this, 'StateMachineArn', { value: stateMachine.stateMachineArn });
    new CfnOutput(this, 'AuditMachineArn', { value: audits.stateMachine.stateMachineArn });
  }

  /** Adds the Lambdas, and what single ones may do besides reading and writing the lake. */
  #addStages(): Record<LambdaStage, StageFunction> {
    const config = this.#config;
    const network = config.vpc && new FunctionNetwork(this, 'Network', config.vpc);
    const stages = Object.fromEntries(
      LAMBDA_STAGES.map((stage) => {
        const { id, environment, ...settings } = STAGE_SETTINGS[stage];
        const lambda = new StageFunction(this, id, {
          ...settings,
          environment: environment(config),
          stage,
          service: this.#name,
          bucket: this.lake.bucket,
          network,
          logDays: config.retentionDays.logs,
        });
        return [stage, lambda];
      }),
    ) as Record<LambdaStage, StageFunction>;
    grantApiKey(stages.fetch.role, config.apiKeyParameters);
    return stages;
  }

  /** Adds what SQL needs: the tables, the workgroup, the views, and who may use them. */
  #addSql(): void {
    const config = this.#config;
    const { bucket } = this.lake;
    const { role } = this.stages.catalogue;
    const database = databaseName(this.#name);
    const catalogue = new SqlCatalogue(this, 'Sql', { bucket, databaseName: database, tables: PARQUET_TABLES });
    const workgroup = new QueryWorkgroup(this, 'Query', {
      bucket,
      name: this.#name,
      keyArn: this.#key?.keyArn,
      scanLimitBytes: config.athenaScanLimitBytes,
    });
    new SqlViews(this, 'Views', { catalogue, workgroup, views: VIEWS, literals: config.watchList });
    grantCatalogue(role, catalogue);
    const { policy: readers } = new ReaderPolicy(this, 'Readers', {
      bucket,
      key: this.#key,
      workgroupName: workgroup.name,
      databaseName: database,
      tableNames: [...catalogue.tableNames, RUN_REPORTS.name],
      viewNames: VIEWS.map((view) => view.name),
    });
    if (config.lakeFormation) {
      new LakeFormationGrants(this, 'LakeFormation', {
        catalogue,
        writerArn: role.roleArn,
        readerArns: config.lakeFormation.readers,
      });
    }
    new CfnOutput(this, 'DatabaseName', { value: database });
    new CfnOutput(this, 'WorkgroupName', { value: workgroup.name });
    new CfnOutput(this, 'ReaderPolicyArn', { value: readers.managedPolicyArn });
  }

  #addSchedulesAndAlarms(stateMachine: StateMachine, auditor: StateMachine): void {
    const { alarms: settings, schedules, retentionDays } = this.#config;
    const { deadLetters, starter } = new RefreshSchedules(this, 'Refresh', {
      stateMachine,
      schedules,
      logDays: retentionDays.logs,
    });
    new AuditSchedule(this, 'AuditSchedule', { stateMachine: auditor, schedule: schedules.audit, deadLetters });
    const watched = { stateMachine, stages: this.stages, service: this.#name };
    const { topic, alarms } = new LakeAlarms(this, 'Alarm', {
      ...watched,
      deadLetters,
      starter,
      auditor,
      alarms: settings,
      schedules,
    });
    new LakeDashboard(this, 'Dashboard', { ...watched, alarms });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
