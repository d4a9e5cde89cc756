import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../adapters/local/installation.ts';

/** The path to which `npm run gen` writes the definition, from the package's root. */
export const DEFINITION_PATH = 'lib/workflow/generated/definition.json';

/**
 * Returns the state machine as CDK synthesises it. It is committed, so that a lake runs without CDK;
 * test/infra/definition.test.ts compares it with the synthesis.
 */
export function workflowDefinition(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, DEFINITION_PATH), 'utf8')) as Record<string, unknown>;
}
