import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, type IFunction, type IVersion, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../adapters/aws/metric-names.ts';
import { ACCESS, type LambdaStage, REPLACED_LANDING } from './access.ts';
import type { FunctionNetwork } from './function-network.ts';

interface StageFunctionProps {
  readonly stage: LambdaStage;
  /** Name of the deployed lake, for logs, metrics and traces. */
  readonly service: string;
  readonly bucket: IBucket;
  readonly memoryMiB: number;
  readonly timeoutSec: number;
  readonly logDays: number;
  /** The network of the function. If it is left out, the function is in no VPC. */
  readonly network?: FunctionNetwork | undefined;
  /** Variables of the stage. Every stage also gets `CANDLELAKE_LAKE`. */
  readonly environment?: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Options of esbuild, which makes one file of a function. No other file is needed. */
const BUNDLING: BundlingOptions = {
  // CommonJS, because bundled packages load Node's own modules by `require`.
  format: OutputFormat.CJS,
  // The oldest Node that the tests run bundles on; Lambda's own is newer.
  target: 'node20',
  minify: true,
  // Error names are set by hand, but stack traces should name functions.
  keepNames: true,
  sourceMap: false,
  // The SDK of the lock file and not that of the runtime: the bundle runs the code that was tested.
  externalModules: [],
};

/** Alias of the version that was deployed last, for people. */
const LIVE = 'live';

/** The Lambda of one stage: its bundle, its log and a role that may touch only the stage's prefixes of the lake. */
export class StageFunction extends Construct {
  readonly function: NodejsFunction;
  /**
   * The code and settings of this deployment. State machines invoke this version and not the alias, because a
   * deployment moves the alias during a run, and the run would mix the code of two deployments.
   */
  readonly version: IFunction;
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
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: Duration.seconds(props.timeoutSec),
      ephemeralStorageSize: Size.mebibytes(512),
      role: this.role,
      logGroup,
      // Older versions are kept, because executions that began before a deployment continue with them.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      tracing: Tracing.ACTIVE,
      ...(props.network && { vpc: props.network.vpc, securityGroups: props.network.securityGroups }),
      environment: {
        ...props.environment,
        CANDLELAKE_LAKE: `s3://${props.bucket.bucketName}`,
        POWERTOOLS_SERVICE_NAME: props.service,
        POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
      },
      bundling: BUNDLING,
    });
    const { currentVersion } = this.function;
    this.version = currentVersion as IFunction;
    // CDK's own version does not satisfy its interface under exactOptionalPropertyTypes.
    new Alias(this, 'Live', { aliasName: LIVE, version: currentVersion as IVersion });
    this.#grantPrefixes(props);
    props.network?.grantInterfaces(this.role);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources; the actions put segments and read the sampling rules.',
    });
  }

  #grantPrefixes({ stage, bucket }: StageFunctionProps): void {
    const { list, read, write, create } = ACCESS[stage];
    const below = (prefixes: readonly string[], end = '') => prefixes.map((prefix) => `${prefix}*${end}`);
    // The S3 adapter lists the key of an object that S3 denies, to find it missing. So what is read may be listed.
    const listed = { StringLike: { 's3:prefix': [...new Set(below([...list, ...read]))] } };
    const replaced = REPLACED_LANDING.flatMap((end) => below(create, end));
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: listed }),
    );
    const grant = (action: string, patterns: readonly string[], conditions: Record<string, unknown> = {}) => {
      if (patterns.length === 0) return;
      const resources = patterns.map((pattern) => bucket.arnForObjects(pattern));
      this.role.addToPolicy(new PolicyStatement({ actions: [action], resources, conditions }));
    };
    grant('s3:GetObject', below(read));
    grant('s3:PutObject', [...below(write), ...replaced]);
    // A put with `If-None-Match: *` fails if the object exists, so landed bytes are never changed.
    grant('s3:PutObject', below(create), { Null: { 's3:if-none-match': 'false' } });
    const patterns = [...below([...read, ...write, ...create]), ...replaced];
    acknowledgeObjects(this.role, bucket, patterns, `the ${stage} stage's own prefixes of the lake`);
  }
}

/** Explains to cdk-nag why a role's policy names objects by a pattern, such as `runs/*`. */
export function acknowledgeObjects(scope: Construct, bucket: IBucket, patterns: readonly string[], what: string): void {
  const made = bucket.node.defaultChild as CfnBucket | undefined;
  const arn = made ? `<${bucket.stack.getLogicalId(made)}.Arn>` : `arn:<AWS::Partition>:s3:::${bucket.bucketName}`;
  for (const pattern of new Set(patterns)) {
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${arn}/${pattern}]`,
      reason: `Objects below a prefix are made during runs; these are ${what}.`,
    });
  }
}
