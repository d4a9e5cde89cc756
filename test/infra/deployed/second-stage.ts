import { LAMBDA_STAGES } from '../../../lib/infra/access.ts';
import { type DeployedApp, type Resource, SYNTHESIS_MS } from '../deployed-app.ts';
import { type SynthesisedStack, type SynthesisedStacks, synthesiseStacks } from '../synthesised-stacks.ts';
import { LAKE } from './template.ts';

/** The same app deployed once more, with other settings. Its functions are those of the first, so it has no bundles. */
export function describeSecondStage(deployed: () => DeployedApp): void {
  let app: DeployedApp;
  beforeAll(() => {
    app = deployed();
  });

  describe('a second stage', () => {
    const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f0f0f0f-1111-2222-3333-444444444444';
    let stacks: SynthesisedStacks<'dev'>;
    let dev: SynthesisedStack;
    beforeAll(() => {
      const alarms = '{"email":"ops@example.org","staleAfterMinutes":{"everything":3000}}';
      const vpc = '{"vpcId":"vpc-0a1b2c3d","subnetIds":["subnet-0a1b2c3d","subnet-0c2d3e4f"]}';
      stacks = synthesiseStacks({ dev: { stage: 'dev', region: 'eu-central-1', alarms, kmsKeyArn: KEY, vpc } });
      dev = stacks.stacks.dev;
    }, SYNTHESIS_MS);
    afterAll(() => stacks?.remove());

    test('stands beside the first: what has a name of its own has another', () => {
      const names = (one: Pick<SynthesisedStack, 'resources' | 'ofType'>) =>
        ['AWS::Athena::WorkGroup', 'AWS::CloudWatch::Dashboard', 'AWS::Glue::Database', 'AWS::S3::Bucket'].flatMap(
          (type) =>
            one.ofType(type).flatMap(([, { Properties }]) => {
              const input = Properties['DatabaseInput'] as { Name: string } | undefined;
              return [Properties['Name'], Properties['DashboardName'], Properties['BucketName'], input?.Name].filter(
                Boolean,
              );
            }),
        );
      expect(names(app)).toEqual(['candlelake', 'candlelake', 'candlelake']);
      expect(names(dev)).toEqual(['candlelake-dev', 'candlelake-dev', 'candlelake_dev']);
    });

    test('may have a key of its own, which those who touch objects may use, and nobody else', () => {
      expect(JSON.stringify(dev.resources[LAKE]!.Properties['BucketEncryption'])).toContain(KEY);
      expect(JSON.stringify(dev.ofType('AWS::Athena::WorkGroup'))).toContain(
        `"EncryptionOption":"SSE_KMS","KmsKey":"${KEY}"`,
      );
      const users = dev
        .ofType('AWS::IAM::Policy')
        .filter(([, { Properties }]) => JSON.stringify(Properties['PolicyDocument']).includes(KEY))
        .map(([id]) => id.replace(/(Role)?DefaultPolicy[0-9A-F]{8}$/, ''));
      expect(users.sort()).toEqual([
        ...['Audit', 'AuditsStateMachine', 'Catalogue', 'Fetch', 'Plan', 'Refine'],
        'RunsStateMachine',
        // What schedules cannot deliver goes into an encrypted queue.
        ...['SchedulerRoleForTarget05e30d', 'SchedulerRoleForTarget940ee2'],
      ]);
    });

    test('may have its functions in the private subnets of a VPC, with HTTPS out and nothing in', () => {
      const [[group, { Properties }]] = dev.ofType('AWS::EC2::SecurityGroup') as unknown as [[string, Resource]];
      expect(Properties).toMatchObject({
        VpcId: 'vpc-0a1b2c3d',
        SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }],
      });
      expect(Properties).not.toHaveProperty('SecurityGroupIngress');
      const functions = dev.ofType('AWS::Lambda::Function');
      expect(functions).toHaveLength(LAMBDA_STAGES.length);
      for (const [, lambda] of functions) {
        expect(lambda.Properties['VpcConfig']).toEqual({
          SubnetIds: ['subnet-0a1b2c3d', 'subnet-0c2d3e4f'],
          SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
        });
      }
      const interfaces = dev
        .ofType('AWS::IAM::Policy')
        .filter(([, policy]) =>
          JSON.stringify(policy.Properties['PolicyDocument']).includes('ec2:CreateNetworkInterface'),
        );
      expect(interfaces).toHaveLength(LAMBDA_STAGES.length);
      // Without a VPC nobody has such rights.
      expect(JSON.stringify(app.ofType('AWS::IAM::Policy'))).not.toContain('ec2:');
    });

    test('has the same logical ids, and the alarm e-mail', () => {
      const ids = (one: Pick<SynthesisedStack, 'resources' | 'ofType'>) =>
        Object.keys(one.resources)
          // The id of a version is a hash of its code and settings.
          .map((id) => id.replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}$/, '$1'))
          .filter((id) => !/Subscription/.test(id))
          .sort();
      const own = ['AWS::SNS::Subscription', 'AWS::EC2::SecurityGroup'].flatMap((type) =>
        dev.ofType(type).map(([id]) => id),
      );
      expect(ids(dev).filter((id) => !own.includes(id))).toEqual(ids(app));
      expect(dev.ofType('AWS::SNS::Subscription').map(([, { Properties }]) => Properties)).toMatchObject([
        { Protocol: 'email', Endpoint: 'ops@example.org' },
      ]);
    });
  });
}
