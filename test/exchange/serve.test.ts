import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const start = (...args: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', 'lib/exchange/simulated/serve.ts', ...args], { cwd: root });

test('the standalone server says where it is, serves, and stops when told to', async () => {
  const server = start('--now', '2024-03-05T10:07Z', '--fault', '{"kind":"status","status":451,"match":"/ping"}');
  let output = '';
  for await (const piece of server.stdout) {
    output += piece;
    if (output.includes('CANDLELAKE_NOW')) break;
  }
  const url = /^export CANDLELAKE_REST_URL=(http:\/\/127\.0\.0\.1:\d+)$/m.exec(output)?.[1];
  expect(output).toContain(`export CANDLELAKE_ARCHIVE_URL=${url}\n`);
  expect(output).toContain('export CANDLELAKE_NOW=2024-03-05T10:07:00Z\n');
  expect(await (await fetch(`${url}/fapi/v1/time`)).json()).toEqual({ serverTime: Date.parse('2024-03-05T10:07Z') });
  expect((await fetch(`${url}/fapi/v1/ping`)).status).toBe(451);
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
});

test('a wrong option is one line and exit code 2', async () => {
  const server = start('--port', 'many');
  let errors = '';
  for await (const piece of server.stderr) errors += piece;
  expect(errors).toBe("--port must be a whole number up to 65535, got 'many'\n");
  expect(server.exitCode ?? (await once(server, 'exit'))[0]).toBe(2);
});
