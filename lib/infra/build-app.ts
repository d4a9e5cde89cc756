import { App, Tags } from 'aws-cdk-lib';
import { deploymentName, readConfig } from './config.ts';
import { FEATURE_FLAGS } from './feature-flags.ts';
import { LakeStack } from './lake-stack.ts';

export interface BuiltApp {
  readonly app: App;
  readonly stack: LakeStack;
}

export interface BuildAppProps {
  /** Overrides the configuration's defaults; the CDK command line beats both. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Folder of the cloud assembly; chosen by CDK where left out. */
  readonly outdir?: string;
  /** False to leave out bundles, metadata and the checks of the template, which only a deployment needs. */
  readonly deployable?: boolean;
}

/** The whole app, not yet synthesised. */
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
