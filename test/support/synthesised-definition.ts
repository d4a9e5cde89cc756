import { execFileSync } from 'node:child_process';
import { ROOT } from './lake-process.ts';

/**
 * Synthesises the state machine's definition for these settings in its own process, because jest would load every
 * service of the CDK library. The definition with the default settings is committed: `workflowDefinition()` reads it.
 */
export function synthesisedDefinition(context: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const program = `
    import { synthesiseDefinition } from './lib/infra/synthesise-definition.ts';
    process.stdout.write(JSON.stringify(synthesiseDefinition(${JSON.stringify(context)})));`;
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  return JSON.parse(execFileSync('node', ['--import', 'tsx', '--input-type=module', '-e', program], options));
}
