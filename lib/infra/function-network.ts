import { Validations } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LakeConfig } from './config.ts';

/**
 * The private subnets of an existing VPC, for functions to run in. It is named by ids, so synthesis looks nothing up
 * and needs no account. The subnets need a NAT, because the exchange is on the internet.
 */
export class FunctionNetwork extends Construct {
  readonly vpc: IVpc;
  readonly securityGroups: ISecurityGroup[];

  constructor(scope: Construct, id: string, { vpcId, subnetIds, securityGroupIds }: NonNullable<LakeConfig['vpc']>) {
    super(scope, id);
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId,
      // CDK requires one per subnet. They do not appear in the template.
      availabilityZones: subnetIds.map((_, index) => `zone-${index}`),
      privateSubnetIds: subnetIds,
    });
    this.securityGroups = securityGroupIds
      ? securityGroupIds.map((groupId) => SecurityGroup.fromSecurityGroupId(this, groupId, groupId, { mutable: false }))
      : [this.#httpsOut()];
  }

  /** Makes a group that allows only HTTPS out, to the exchange and to AWS. Nothing comes in. */
  #httpsOut(): ISecurityGroup {
    const group = new SecurityGroup(this, 'HttpsOut', {
      vpc: this.vpc,
      description: 'Functions of the candle lake: HTTPS out, nothing in',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'The exchange and AWS');
    return group;
  }

  /** Lets a function's role have network interfaces, as every function in a VPC must. */
  grantInterfaces(role: Role): void {
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
        ],
        resources: ['*'],
      }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resources, and Lambda makes network interfaces that have no names before they are made.',
    });
  }
}
