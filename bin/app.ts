import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildApp } from '../lib/infra/build-app.ts';

/** The CDK app. A finding of cdk-nag that nobody has explained stops the synthesis. */
const { app } = buildApp();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
