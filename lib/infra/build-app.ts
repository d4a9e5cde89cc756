import { App, Tags } from 'aws-cdk-lib';
import { deploymentName, readConfig } from './config.ts';
import { LakeStack } from './lake-stack.ts';

/**
 * CDK feature flags. They are here and not in cdk.json, so that the local run synthesises the same machine as the CDK
 * command line.
 */
const FEATURE_FLAGS: Readonly<Record<string, boolean>> = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:grantWriteWithoutAcl': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2': true,
  '@aws-cdk/core:aspectStabilization': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
};

export interface BuiltApp {
  readonly app: App;
  readonly stack: LakeStack;
}

interface BuildAppProps {
  /** Values that replace the defaults of the configuration. The CDK command line replaces both. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Folder of the cloud assembly. If it is left out, CDK chooses one. */
  readonly outdir?: string;
  /** False to leave out bundles, metadata and the checks of the template, which only a deployment needs. */
  readonly deployable?: boolean;
}

/** Builds the whole app without synthesising it. */
export function buildApp({ context = {}, outdir, deployable = true }: BuildAppProps = {}): BuiltApp {
  const app = new App({
    context: { ...FEATURE_FLAGS, ...context, ...(!deployable && { 'aws:cdk:bundling-stacks': [] }) },
    analyticsReporting: false,
    builtinCloudFormationValidation: deployable,
    treeMetadata: deployable,
    ...(outdir && { outdir }),
  });
  const config = readConfig((key) => app.node.tryGetContext(key));
  const stack = new LakeStack(app, deploymentName(config), {
    config,
    ...(config.region && { env: { region: config.region } }),
    description: 'A lake of Binance candles, features and labels',
    terminationProtection: config.terminationProtection,
  });
  const tags = { application: config.lakeName, stage: config.stage || 'production', ...config.tags };
  for (const [name, value] of Object.entries(tags)) Tags.of(stack).add(name, value);
  return { app, stack };
}
