/** The entry of one package in package-lock.json. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  /** True if only development needs it. */
  readonly dev?: boolean;
}

/** A package that runs with candlelake, or is part of what is deployed. */
interface ProductionPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** Licences that ask for no more than to be named, and so go with this project's own (MIT). */
const ALLOWED_LICENCES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
];

/** Returns true if the licence, or one of those to choose from, is allowed: `(MIT OR GPL-3.0-or-later)` is. */
export function isAllowed(licence: string): boolean {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((part) => ALLOWED_LICENCES.includes(part)));
}

/** The packages that production needs, also those of other platforms, each version once, by name. */
export function productionPackages(packages: Readonly<Record<string, LockedPackage>>): ProductionPackage[] {
  const found = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version = '', license = 'none given' }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, licence: license };
    });
  const unique = new Map(found.map((one) => [`${one.name}@${one.version}`, one]));
  return [...unique.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** docs/licences.md */
export function licencesPage(packages: readonly ProductionPackage[]): string {
  const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return `# Licences

candlelake itself is under the MIT licence (LICENSE). These are the ${packages.length} packages that it runs with
or that are part of what is deployed, on any platform, as package-lock.json has them. Made by \`npm run gen\`;
\`test/package.test.ts\` compares the page with the lock file and every licence with a list of those that go with MIT.

| package | version | licence |
|---|---|---|
${rows.join('\n')}
`;
}
