import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { codeHashesOfSources } from '../../lib/adapters/local/code-hash.ts';
import { deadUrl } from '../support/dead-url.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { installPackage, ROOT } from './install-package.ts';

const place = realpathSync(temporaryFolder());
const { tarball, files, folder, bin, how } = installPackage(place);
const elsewhere = join(place, 'elsewhere');
mkdirSync(elsewhere);
const nobody = await deadUrl();
const env = {
  HOME: process.env['HOME'],
  PATH: `${bin}:${process.env['PATH']}`,
  CANDLELAKE_REST_URL: nobody,
  CANDLELAKE_ARCHIVE_URL: nobody,
  CANDLELAKE_NOW: '2025-01-15T12:00Z',
};

/** Runs a line as a user pastes it, in a folder that is not the clone. */
function pasted(line: string, cwd = elsewhere): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd, env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

describe(`the packed command, ${how}`, () => {
  test('holds the bundle, what it reads and nothing else', () => {
    const others = files.filter((path) => !/^dist\/[\w-]+\.js$/.test(path));
    expect(others.sort()).toEqual([
      'LICENSE',
      'README.md',
      'README.pt-BR.md',
      'bin/fresh-bundle.mjs',
      'bin/lake.mjs',
      'dist/built-from.json',
      'docs/generated/oracles.json',
      'lib/workflow/generated/definition.json',
      'package.json',
    ]);
    expect(statSync(tarball).size).toBeLessThan(2_000_000);
  });

  test.each(['lake', 'candlelake'])('%s says its version and its help in another folder', (name) => {
    expect(pasted(`${name} --version`)).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
    const { code, out } = pasted(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}lake run --symbols BTCUSDT --period 30d$/m);
  });

  test('every command of it loads', () => {
    const commands = [...pasted('lake --help').out.matchAll(/^ {2}(\w+) .*? {2}\S/gm)].map(([, name]) => name!);
    expect(commands.length).toBeGreaterThan(10);
    expect(pasted('lake features').out).toMatch(/^rsi_14 /m);
    expect(pasted('lake completion bash').out).toContain('complete -F _lake lake candlelake');
    const nothing = ['gaps', 'audit', 'history', 'prune', 'verify 3f2a9c1b', "query 'SELECT * FROM candles'"];
    for (const words of nothing) {
      expect([words, pasted(`lake ${words}`)]).toMatchObject([
        words,
        { code: 2, err: expect.stringContaining('holds no') },
      ]);
    }
  });

  test('runs offline, and the query that it prints can be pasted', () => {
    const run = pasted('lake run --period 3d --show --source simulated');
    expect(run).toMatchObject({ code: 0 });
    const [, printed] = /^(lake query [^"\n]*"[^"]+")$/m.exec(run.out)!;
    const { code, out } = pasted(printed!);
    expect(code).toBe(0);
    expect(run.out.endsWith(out)).toBe(true);
    expect(out).toMatch(/\n8 rows\n$/);
  });

  test('has the code hashes of the sources: neither makes again what the other made', async () => {
    const built = JSON.parse(readFileSync(join(folder, 'dist/built-from.json'), 'utf8')) as Record<string, unknown>;
    expect(built['codeHashes']).toEqual(codeHashesOfSources(ROOT));
    const lake = join(elsewhere, 'lake');
    const again = await runLake(['run', '--period', '3d', '--source', 'simulated', '--lake', lake], {
      exchangeUrl: nobody,
      env: { CANDLELAKE_NOW: env.CANDLELAKE_NOW },
    });
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}computed {3}nothing new$/m) });
  });

  test('names the commit that it was packed from, not that of a repository around it', () => {
    const git = (...args: string[]) => execFileSync('git', ['-C', place, ...args], { encoding: 'utf8' }).trim();
    git('init', '--quiet');
    git('-c', 'user.name=me', '-c', 'user.email=me@example.org', 'commit', '--quiet', '--allow-empty', '-m', 'theirs');
    const range = '--market sim --symbols BTCUSDT --interval 15m --from 2025-01-13 --to 2025-01-15';
    const { code, out } = pasted(`lake dataset ${range} --id-only --json`);
    expect(code).toBe(0);
    const { id } = JSON.parse(out) as { id: string };
    const record = JSON.parse(readFileSync(join(elsewhere, `lake/datasets/${id}.json`), 'utf8')) as { commit?: string };
    const { commit } = JSON.parse(readFileSync(join(folder, 'dist/built-from.json'), 'utf8')) as { commit?: string };
    expect(record.commit).toBe(commit);
    expect(record.commit).not.toBe(git('rev-parse', 'HEAD'));
  });

  test('npx candlelake and npx lake run it in a folder that depends on it, and hints say npx lake there', () => {
    const project = join(place, 'project');
    mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
    execFileSync('cp', ['-a', folder, join(project, 'node_modules/candlelake')]);
    for (const name of ['lake', 'candlelake'])
      symlinkSync('../candlelake/bin/lake.mjs', join(project, `node_modules/.bin/${name}`));
    for (const name of ['npx lake', 'npx candlelake']) {
      expect(pasted(`${name} --version`, project)).toMatchObject({ code: 0, out: `${packageJson.version}\n` });
    }
    expect(pasted('npx lake --help', project).out).toMatch(/^ {2}npx lake run --symbols BTCUSDT --period 30d$/m);
  });
});
