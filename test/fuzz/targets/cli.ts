import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLakeProgram } from '../../../lib/cli/lake-program.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import type { FuzzTarget } from '../targets.ts';

const COMMANDS = [
  ['plan', '--symbols', 'BTCUSDT,ETHUSDT', '--interval', '1h', '--period', '30d', '--market', 'um'],
  ['plan', '--from', '2024-01-01', '--to', '2024-02-01T12:00Z', '--source', 'binance', '--json'],
  ['query', 'SELECT count(*) FROM candles', '--format', 'csv', '--reuse', '10'],
  [
    'dataset',
    '--symbols',
    'BTCUSDT',
    '--interval',
    '1h',
    '--from',
    '2024-01-01',
    '--to',
    '2024-02-01',
    '--out',
    'pack',
  ],
  ['features', '--json'],
];

/** The words after `lake`: one line that says what is wrong, and an exit code. */
export function cliTarget(): FuzzTarget {
  // Nobody answers there.
  const dead = 'http://127.0.0.1:9';
  const lake = join(mkdtempSync(join(tmpdir(), 'candlelake-fuzz-')), 'lake');
  const variables = { CANDLELAKE_LAKE: lake, CANDLELAKE_REST_URL: dead, CANDLELAKE_ARCHIVE_URL: dead };
  return {
    name: 'cli',
    samples: COMMANDS.map((words) => Buffer.from(words.join('\n'))),
    errors: [],
    async read(bytes) {
      // No process is given a NUL, and no bucket is asked.
      const args = bytes.toString().replaceAll('\0', '').split('\n').slice(0, 20);
      if (args.some((word) => word.includes('s3:')) || args[0] === 'run') return;
      // A pack goes to the given place, which is always below the folder of this test.
      const out = args.findIndex((word) => word.startsWith('--out'));
      if (out >= 0) args.splice(out, 2, '--out', join(lake, '..', 'pack'));
      const terminal = fakeTerminal(variables);
      const code = await runLakeProgram(args, terminal);
      // That the simulated exchange stands in is said before, in a line of its own.
      const err = terminal.written.err.replace(/^Binance is out of reach: [^\n]+\n/, '');
      if (![0, 1, 2].includes(code)) throw new Error(`exit code ${code}`);
      if (code === 0) return;
      if (!/^lake: [^\n]+\n$/.test(err)) throw new Error(`not one line: ${err.slice(0, 300)}`);
      if (/^lake: (Type|Range|Syntax|Reference)?Error\b/.test(err)) throw new Error(err.slice(0, 300));
    },
  };
}
