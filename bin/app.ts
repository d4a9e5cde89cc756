import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildApp } from '../lib/infra/build-app.ts';

/** The CDK app. An unexplained finding of cdk-nag stops the synthesis. */
try {
  const { app } = buildApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  // A setting that is not allowed is reported in one line, without a stack trace.
  if ((error as Error).name !== 'BadInput') throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
