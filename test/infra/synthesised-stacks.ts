import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/lake-process.ts';
import type { Resource } from './deployed-app.ts';

export interface SynthesisedStack {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly ofType: (type: string) => readonly (readonly [string, Resource])[];
  /** True if CloudFormation is told to refuse to delete the stack. */
  readonly terminationProtection: boolean;
}

export interface SynthesisedStacks<Name extends string> {
  readonly stacks: Readonly<Record<Name, SynthesisedStack>>;
  /** Folder with the templates of all stacks, `<name>.template.json`. */
  readonly templates: string;
  readonly remove: () => void;
}

/**
 * Synthesises the app once for each context, with cdk-nag and without bundles, in one process of its own. It throws if
 * cdk-nag finds what nobody has explained. A context holds what `--context` would: text, or the value it parses to.
 */
export function synthesiseStacks<Name extends string>(
  contexts: Readonly<Record<Name, Readonly<Record<string, unknown>>>>,
): SynthesisedStacks<Name> {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-stacks-'));
  const templates = join(folder, 'templates');
  mkdirSync(templates);
  const program = `
    import { Validations } from 'aws-cdk-lib';
    import { AwsSolutionsChecks } from 'cdk-nag';
    import { buildApp } from './lib/infra/build-app.ts';
    const found = {};
    for (const [name, given] of Object.entries(${JSON.stringify(contexts)})) {
      const context = { ...given, 'aws:cdk:bundling-stacks': [] };
      const { app, stack } = buildApp({ context, outdir: ${JSON.stringify(folder)} + '/' + name });
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
      const { template } = app.synth().getStackByName(stack.stackName);
      found[name] = { template, terminationProtection: stack.terminationProtection ?? false };
    }
    (await import('node:fs')).writeFileSync(${JSON.stringify(folder)} + '/stacks.json', JSON.stringify(found));
    // A finding of cdk-nag sets the exit code of the process.`;
  execFileSync('node', ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const found = JSON.parse(readFileSync(join(folder, 'stacks.json'), 'utf8')) as Record<
    Name,
    { readonly template: { readonly Resources: Record<string, Resource> }; readonly terminationProtection: boolean }
  >;
  const stacks = {} as Record<Name, SynthesisedStack>;
  for (const name of Object.keys(found) as Name[]) {
    const { template, terminationProtection } = found[name];
    writeFileSync(join(templates, `${name}.template.json`), JSON.stringify(template));
    stacks[name] = {
      resources: template.Resources,
      ofType: (type) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type),
      terminationProtection,
    };
  }
  return { stacks, templates, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
