import { execFileSync } from 'node:child_process';
import { COMMANDS } from '../../lib/cli/commands.ts';
import { PROGRAM_EXAMPLES, runLakeProgram } from '../../lib/cli/lake-program.ts';
import { deadUrl } from '../support/dead-url.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

/** Words that end what belongs to the command itself, for the shell. */
const REDIRECTION = /^>>?$/;

async function helpOf(command: string): Promise<string> {
  const terminal = fakeTerminal();
  expect(await runLakeProgram(command === 'lake' ? ['--help'] : [command, '--help'], terminal)).toBe(0);
  return terminal.written.out;
}

/** Pastes the examples of a help text into a real shell, which hands the words of each back. */
function pastedExamples(help: string): string[][] {
  const [, examples = ''] = help.split('\nExamples:\n');
  const script = `npx() { printf '%s\\0' "$@"; printf '\\n'; }\n${examples.replaceAll(/ (>>?) /g, " '$1' ")}`;
  const lines = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').slice(0, -1);
  return lines.map((line) => line.split('\0').slice(1, -1));
}

const EXAMPLES = [
  { name: 'lake', examples: PROGRAM_EXAMPLES },
  ...COMMANDS.map(({ name, examples }) => ({ name, examples })),
];

describe.each(EXAMPLES)('the examples of $name', ({ name, examples }) => {
  test('are two or three, begin with the name of the command and fit the help into 80 columns', async () => {
    const help = await helpOf(name);
    const pasted = pastedExamples(help);
    expect(pasted).toHaveLength(examples.length);
    expect([2, 3]).toContain(pasted.length);
    if (name !== 'lake') expect(new Set(pasted.map(([first]) => first))).toEqual(new Set([name]));
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('are understood by the program: only an empty lake or an exchange out of reach stops them', async () => {
    const nobody = await deadUrl();
    for (const words of pastedExamples(await helpOf(name))) {
      const args = words.slice(0, words.findIndex((word) => REDIRECTION.test(word)) >>> 0);
      // A market that was asked for is not replaced by simulated candles, which would take their time.
      if ((args[0] === 'run' || args[0] === 'plan') && args[1] !== '--help' && !args.includes('simulated')) {
        args.push('--market', 'um');
      }
      const terminal = fakeTerminal({
        CANDLELAKE_LAKE: `${temporaryFolder()}/lake`,
        CANDLELAKE_REST_URL: nobody,
        CANDLELAKE_ARCHIVE_URL: nobody,
      });
      const code = await runLakeProgram(args, terminal);
      const { out, err } = terminal.written;
      const stopped = /^lake: (lake at \S+ holds no |ExchangeBusy: )/.test(err);
      expect({ args, err, code, stopped }).toEqual({ args, err, code: stopped ? code : 0, stopped });
      expect({ args, printed: out !== '' || stopped }).toEqual({ args, printed: true });
    }
  });
});
