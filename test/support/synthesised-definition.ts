import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The state machine's definition, synthesised by a process of its own: jest would load every service of the CDK library
 * to offer its names for import.
 */
export function synthesisedDefinition(context: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const program = `
    import { synthesiseDefinition } from './lib/infra/synthesise-definition.ts';
    process.stdout.write(JSON.stringify(synthesiseDefinition(${JSON.stringify(context)})));`;
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  return JSON.parse(execFileSync('node', ['--import', 'tsx', '--input-type=module', '-e', program], options));
}
