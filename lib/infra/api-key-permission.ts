import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LakeConfig } from './config.ts';

interface ApiKeyPermissionProps {
  readonly parameters: LakeConfig['apiKeyParameters'];
  readonly role: Role;
}

/**
 * Lets one role read the two SecureString parameters of the exchange API key, if they exist. They are made by hand,
 * because a template would show their values. The AWS key that encrypts them needs no grant.
 */
export class ApiKeyPermission extends Construct {
  constructor(scope: Construct, id: string, { parameters, role }: ApiKeyPermissionProps) {
    super(scope, id);
    const arn = (name: string) =>
      Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:GetParameters'],
        resources: [arn(parameters.key), arn(parameters.secret)],
      }),
    );
  }
}
