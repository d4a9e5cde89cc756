import { readFileSync } from 'node:fs';
import { isAllowed, licencesPage, productionPackages } from '../scripts/licences-page.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json'));

interface LockedPackage {
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

describe('package', () => {
  test('every dependency is pinned to one version', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.length).toBeGreaterThan(20);
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+(-r\.\d+)?$/);
  });

  test('every package that npm fetches has a hash in the lock file, so that no registry can give another', () => {
    const packages = Object.entries<LockedPackage>(JSON.parse(read('package-lock.json')).packages);
    expect(packages.length).toBeGreaterThan(500);
    // The root is this package. What is bundled comes inside the archive of another package, which has a hash.
    const fetched = packages.filter(([path, { inBundle }]) => path !== '' && !inBundle);
    expect(fetched.length).toBeGreaterThan(500);
    const unhashed = fetched.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''));
    expect(unhashed.map(([path]) => path)).toEqual([]);
  });

  test('the lock file names no registry', () => {
    // Neither the public one: `npm ci` then works with whatever registry is configured.
    expect(
      [...read('package-lock.json').matchAll(/"resolved": .*|https?:\/\/[^"]*registry[^"]*/g)].map(([text]) => text),
    ).toEqual([]);
  });

  test('every package that production runs with has a licence that goes with ours', () => {
    expect(manifest.license).toBe('MIT');
    expect(read('LICENSE')).toMatch(/^MIT License\n/);
    const packages = productionPackages(JSON.parse(read('package-lock.json')).packages);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ licence }) => !isAllowed(licence))).toEqual([]);
    for (const licence of ['GPL-3.0-only', 'AGPL-3.0', 'MIT AND GPL-2.0', 'none given', 'UNLICENSED']) {
      expect([licence, isAllowed(licence)]).toEqual([licence, false]);
    }
  });

  test('docs/licences.md is what the lock file makes it; if not, `npm run gen`', () => {
    const packages = productionPackages(JSON.parse(read('package-lock.json')).packages);
    expect(read('docs/licences.md')).toBe(licencesPage(packages));
  });

  test('what CI runs asks for known weaknesses of production dependencies', () => {
    expect(read('.ci/run')).toMatch(/^ {2}'audit: scripts\/npm-audit\.sh' \\$/m);
  });

  test('the Node versions of package.json, .nvmrc and `npm run nodes` agree, and CI runs the last', () => {
    const [, list] = /^const VERSIONS = \[(.+)\];$/m.exec(read('scripts/other-nodes.ts'))!;
    const versions = [...list!.matchAll(/'([\d.]+)'/g)].map(([, version]) => version!);
    expect(versions).toHaveLength(3);
    expect(manifest.engines.node).toBe(`>=${versions[0]}`);
    expect(versions.map((version) => version.split('.')[0])).toContain(read('.nvmrc').trim());
    expect(read('.ci/run')).toMatch(/^ {2}'other nodes: npm run --silent nodes' \\$/m);
  });

  test('AGENTS.md stays a page', () => {
    expect(read('AGENTS.md').split('\n').length).toBeLessThanOrEqual(61);
  });
});
