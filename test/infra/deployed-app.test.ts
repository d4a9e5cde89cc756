import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/lake-process.ts';
import { describeAlarms } from './deployed/alarms.ts';
import { describeAuditMetrics } from './deployed/audit-metrics.ts';
import { describeBundles } from './deployed/bundles.ts';
import { describeMachines } from './deployed/machines.ts';
import { describePrivileges } from './deployed/privileges.ts';
import { describeScheduleMetrics } from './deployed/schedule-metrics.ts';
import { describeSecondStage } from './deployed/second-stage.ts';
import { describeStorage } from './deployed/storage.ts';
import { type DeployedApp, SYNTHESIS_MS, synthesiseApp } from './deployed-app.ts';

// Once for all tests of this file, with bundles and cdk-nag: an unexplained finding fails the synthesis.
let app: DeployedApp;
beforeAll(() => {
  app = synthesiseApp();
}, SYNTHESIS_MS);
afterAll(() => app?.remove());

// The tests are in several files, but in one test file, because each test file would synthesise again.
const deployed = () => app;
describeStorage(deployed);
describePrivileges(deployed);
describeMachines(deployed);
describeScheduleMetrics(deployed);
describeAlarms(deployed);
describeSecondStage(deployed);
describeBundles(deployed);
describeAuditMetrics(deployed);

const LINT = existsSync('/bin/sh') && !spawnSync('python3', ['-m', 'venv', '--help']).error;

describe(LINT ? 'cfn-lint' : 'cfn-lint (skipped: no python3 with venv here)', () => {
  (LINT ? test : test.skip)(
    'finds nothing in the template',
    () => {
      const { stdout, status } = spawnSync('sh', [join(ROOT, 'scripts/cfn-lint.sh'), app.folder], { encoding: 'utf8' });
      // If no package registry is in reach, the script says that it skipped, and so does this.
      if (stdout.includes('cfn-lint: skipped')) process.stderr.write(stdout);
      expect({ status, verdict: /cfn-lint: (clean|skipped)/.exec(stdout)?.[1], stdout }).toMatchObject({
        status: 0,
        verdict: expect.stringMatching(/clean|skipped/),
      });
    },
    120_000,
  );
});
