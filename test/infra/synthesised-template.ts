import { execFileSync } from 'node:child_process';
import { ROOT } from '../support/lake-process.ts';

/** A resource as the template has it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The resources of the template without bundles, by a process of its own: jest would load all of the CDK library. */
export function synthesisedResources(
  context: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, TemplateResource>> {
  const program = `
    import { buildApp } from './lib/infra/build-app.ts';
    const { app, stack } = buildApp({ context: ${JSON.stringify(context)}, deployable: false });
    process.stdout.write(JSON.stringify(app.synth().getStackByName(stack.stackName).template.Resources));`;
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  return JSON.parse(execFileSync('node', ['--import', 'tsx', '--input-type=module', '-e', program], options));
}
