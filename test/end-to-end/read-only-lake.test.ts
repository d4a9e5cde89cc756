import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { AuditReport } from '../../lib/lake/audit/contract.ts';
import { KILLED_AT_MS, KILLED_RUN, lakeAt } from '../chaos/real-kills.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';

let exchange: Exchange;
let lake: string;
beforeAll(async () => {
  exchange = await startExchange({ nowMs: KILLED_AT_MS });
  lake = join(temporaryFolder(), 'lake');
  expect(await runLake([...KILLED_RUN, '--lake', lake], { exchangeUrl: exchange.url })).toMatchObject({ code: 0 });
});
afterAll(() => exchange.close());

/** A shell in which no file can be written. */
const NO_FILE = ['bash', '-c', 'ulimit -f 0; exec "$@"', 'bash'];
/** A shell to which the lake is on a device that is read-only. */
const READ_ONLY = [
  'unshare',
  '-rm',
  'sh',
  '-c',
  'mount --bind "$LAKE" "$LAKE" && mount -o remount,ro,bind "$LAKE" && "$@"',
  'sh',
];

const audit = (within: readonly string[], args: readonly string[] = []) =>
  runLake(['audit', '--sample', '1', '--json', '--lake', lake, ...args], {
    exchangeUrl: exchange.url,
    within,
    env: { LAKE: lake },
  });

const isMountable = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const reason = isMountable ? '' : ' (not run here: this machine lets nobody mount)';
const CASES: readonly [what: string, within: readonly string[]][] = [
  ['in which no file can be written', NO_FILE],
  ...(isMountable ? [['on a read-only device', READ_ONLY] as [string, readonly string[]]] : []),
];

test.each(CASES)(
  `audited, a lake %s: the report is printed, and that it is not stored; exit code by findings${reason}`,
  async (_, within) => {
    const before = [...(await lakeAt(lake)).objects.keys()];
    const { code, stdout, stderr } = await audit(within);
    const report = JSON.parse(stdout) as AuditReport;
    expect({ code, clean: report.clean, series: report.series, unaudited: report.unaudited }).toEqual({
      code: 0,
      clean: true,
      series: 1,
      unaudited: [],
    });
    expect(report.objects).toBeGreaterThan(5);
    expect(stderr).toMatch(
      new RegExp(
        `^report audits/${report.auditId}\\.json is not stored in the lake: runs/\\S+ cannot be written to `,
        'm',
      ),
    );
    expect([...(await lakeAt(lake)).objects.keys()]).toEqual(before);
  },
);
