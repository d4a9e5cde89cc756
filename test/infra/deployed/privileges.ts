import { ACCESS, LAMBDA_STAGES, REPLACED_LANDING } from '../../../lib/infra/access.ts';
import type { DeployedApp } from '../deployed-app.ts';
import { allowed, idOf, LAKE } from './template.ts';

/** The tests of roles and environments. */
export function describePrivileges(deployed: () => DeployedApp): void {
  let app: DeployedApp;
  beforeAll(() => {
    app = deployed();
  });

  describe('least privilege', () => {
    test.each([...LAMBDA_STAGES])('%s touches its own prefixes of the lake and nothing else there', (stage) => {
      const objects = allowed(app, idOf(app, stage, 'Role')).filter(
        (line) => line.startsWith('s3:') && !line.startsWith('s3:List'),
      );
      const { read, write, create } = ACCESS[stage];
      expect(objects.sort()).toEqual(
        [
          ...read.map((prefix) => `s3:GetObject on <${LAKE}>/${prefix}*`),
          ...[...write, ...create].map((prefix) => `s3:PutObject on <${LAKE}>/${prefix}*`),
          ...create.flatMap((prefix) => REPLACED_LANDING.map((end) => `s3:PutObject on <${LAKE}>/${prefix}*${end}`)),
        ].sort(),
      );
    });

    test('nobody may delete from the lake, or read the parameters of the API key but fetch', () => {
      const roles = app.ofType('AWS::IAM::Role').map(([id]) => id);
      const all = roles.flatMap((id) => allowed(app, id).map((line) => `${id}: ${line}`));
      expect(all.filter((line) => /s3:(Delete|\*)|s3:Put\*/.test(line))).toEqual([]);
      const ssm = all.filter((line) => line.includes(' ssm:'));
      expect(ssm).toHaveLength(2);
      expect(ssm.every((line) => line.startsWith(idOf(app, 'fetch', 'Role')))).toBe(true);
    });

    test('the only resource `*` is what X-Ray and the delivery of logs ask for', () => {
      const roles = app.ofType('AWS::IAM::Role').map(([id]) => id);
      const stars = roles.flatMap((id) => allowed(app, id)).filter((line) => line.endsWith(' on *'));
      expect(stars.filter((line) => !/^(xray:|logs:)/.test(line))).toEqual([]);
      expect(stars.length).toBeGreaterThan(0);
    });

    test.each(['Runs', 'Audits'])('the state machine of %s reads and writes below runs/ only', (machine) => {
      const role = app.ofType('AWS::IAM::Role').find(([id]) => id.startsWith(`${machine}StateMachineRole`))![0];
      const objects = allowed(app, role).filter((line) => line.startsWith('s3:'));
      expect(objects.length).toBeGreaterThan(0);
      expect(objects.filter((line) => !line.endsWith(` on <${LAKE}>/runs/*`))).toEqual([]);
    });
  });

  test('no environment holds a secret: only the names of the parameters that may', () => {
    for (const [, { Properties }] of app.ofType('AWS::Lambda::Function')) {
      const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
      const suspicious = Object.keys(Variables).filter((name) => /KEY|SECRET|TOKEN|PASSWORD/.test(name));
      expect(suspicious.filter((name) => !name.endsWith('_PARAMETER'))).toEqual([]);
    }
  });
}
