import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../adapters/aws/metric-names.ts';
import { ACCESS, type LambdaStage } from './access.ts';
import type { FunctionNetwork } from './function-network.ts';

export interface StageFunctionProps {
  readonly stage: LambdaStage;
  /** Name of the deployed lake, which logs, metrics and traces carry. */
  readonly service: string;
  readonly bucket: IBucket;
  readonly memoryMiB: number;
  readonly timeoutSec: number;
  readonly logDays: number;
  /** Where the function runs; left out: in no VPC. */
  readonly network?: FunctionNetwork | undefined;
  /** Environment besides `CANDLELAKE_LAKE`, which every stage gets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Files of node_modules that are copied beside the bundle because code reads them at run time. */
  readonly copiedFiles?: readonly string[];
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The Lambda of one stage: its bundle, its log and a role that may touch only the stage's prefixes of the lake. */
export class StageFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: StageFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new NodejsFunction(this, 'Function', {
      description: `The ${props.stage} stage of the candle lake`,
      entry: `${ROOT}lambdas/${props.stage}.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      handler: 'handler',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: Duration.seconds(props.timeoutSec),
      ephemeralStorageSize: Size.mebibytes(512),
      role: this.role,
      logGroup,
      tracing: Tracing.ACTIVE,
      ...(props.network && { vpc: props.network.vpc, securityGroups: props.network.securityGroups }),
      environment: {
        ...props.environment,
        CANDLELAKE_LAKE: `s3://${props.bucket.bucketName}`,
        POWERTOOLS_SERVICE_NAME: props.service,
        POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
      },
      bundling: {
        // CommonJS, because parquet-wasm finds its .wasm by __dirname.
        format: OutputFormat.CJS,
        target: 'node22',
        minify: true,
        // Error names are set by hand, but stack traces should name functions.
        keepNames: true,
        sourceMap: false,
        // The SDK of the lock file, not whatever the runtime brings: the bundle runs anywhere, and runs what was tested.
        externalModules: [],
        commandHooks: {
          beforeInstall: () => [],
          beforeBundling: () => [],
          afterBundling: (inputDir, outputDir) =>
            (props.copiedFiles ?? []).map((file) => `cp "${inputDir}/node_modules/${file}" "${outputDir}/"`),
        },
      },
    });
    this.#grantPrefixes(props);
    props.network?.grantInterfaces(this.role);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resources; the actions put segments and ask which to sample.',
    });
    Validations.of(this.function).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'Node 22 is the newest version that the tests run on; it is supported until April 2027.',
    });
  }

  #grantPrefixes({ stage, bucket }: StageFunctionProps): void {
    const { list, read, write } = ACCESS[stage];
    // IfExists, because S3 answers a GET of an absent key with 403 instead of 404 where the caller may not list, and asks
    // that without a prefix.
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLikeIfExists: { 's3:prefix': list.map((prefix) => `${prefix}*`) } },
      }),
    );
    const grant = (action: string, prefixes: readonly string[]) => {
      if (prefixes.length === 0) return;
      const resources = prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
      this.role.addToPolicy(new PolicyStatement({ actions: [action], resources }));
    };
    grant('s3:GetObject', read);
    grant('s3:PutObject', write);
    acknowledgePrefixes(this.role, bucket, [...read, ...write], `the ${stage} stage's own prefixes of the lake`);
  }
}

/** Says to cdk-nag why a role's policy ends in `prefix/*`. */
export function acknowledgePrefixes(
  scope: Construct,
  bucket: IBucket,
  prefixes: readonly string[],
  what: string,
): void {
  const logicalId = bucket.stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
  for (const prefix of new Set(prefixes)) {
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${prefix}*]`,
      reason: `Objects below a prefix are made during runs; these are ${what}.`,
    });
  }
}
