import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ADVISORIES = '/-/npm/v1/security/advisories/bulk';
const { zod } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).dependencies as { zod: string };

/** The result of scripts/npm-audit.sh for a registry. */
async function auditBy(registry: RequestListener): Promise<{ code: number; out: string }> {
  const server = createServer(registry);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cache = mkdtempSync(join(tmpdir(), 'candlelake-npm-'));
  try {
    return await new Promise((resolve) => {
      const { port } = server.address() as AddressInfo;
      const env = {
        ...process.env,
        npm_config_registry: `http://127.0.0.1:${port}/`,
        npm_config_cache: cache,
        npm_config_fetch_retries: '0',
      };
      execFile('sh', ['scripts/npm-audit.sh'], { cwd: ROOT, env, timeout: 60_000 }, (error, out) =>
        resolve({ code: error ? Number(error.code) : 0, out }),
      );
    });
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(cache, { recursive: true, force: true });
  }
}

/** A registry with these weaknesses and one version of zod. */
const registryOf =
  (advisories: object): RequestListener =>
  (request, response) => {
    response.setHeader('content-type', 'application/json');
    request.resume();
    if (request.url === ADVISORIES) response.end(JSON.stringify(advisories));
    else response.end(JSON.stringify({ name: 'zod', versions: { [zod]: { name: 'zod', version: zod } } }));
  };

test('no weakness known: says so', async () => {
  expect(await auditBy(registryOf({}))).toEqual({
    code: 0,
    out: 'audit: no known weakness in production dependencies\n',
  });
}, 60_000);

test('any weakness fails, and is named', async () => {
  const weakness = {
    id: 1,
    url: 'https://example.org/1',
    title: 'it leaks',
    severity: 'low',
    vulnerable_versions: '*',
  };
  const { code, out } = await auditBy(registryOf({ zod: [{ ...weakness, cwe: [], cvss: { score: 0 } }] }));
  expect(out).toMatch(/zod[\s\S]*it leaks/);
  expect(code).toBe(1);
}, 60_000);

test('a registry that cannot be asked: says that nobody was', async () => {
  const none = await auditBy((_, response) => response.writeHead(404).end('{}'));
  expect(none).toEqual({ code: 0, out: 'audit: not run, the registry has no audit endpoint that answers\n' });
}, 60_000);
