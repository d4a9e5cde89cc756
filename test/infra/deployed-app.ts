import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/lake-process.ts';

/** Long enough for a busy machine. */
export const SYNTHESIS_MS = 300_000;

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface DeployedApp {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly ofType: (type: string) => readonly (readonly [string, Resource])[];
  /** Folder of the bundle of the Lambda with this logical id. */
  readonly bundle: (functionId: string) => string;
  /** Folder of the whole assembly. */
  readonly folder: string;
  readonly remove: () => void;
}

/** Synthesises the app as `npx cdk synth` does, bundles included. It fails if a finding of cdk-nag has no reason. */
export function synthesiseApp(): DeployedApp {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-synth-'));
  const cdk = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  execFileSync('node', [cdk, 'synth', '--quiet', '--output', folder], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const template = JSON.parse(readFileSync(join(folder, 'candlelake.template.json'), 'utf8'));
  const resources = template.Resources as Record<string, Resource>;
  return {
    resources,
    ofType: (type) => Object.entries(resources).filter(([, resource]) => resource.Type === type),
    bundle: (functionId) => join(folder, String(resources[functionId]!.Metadata!['aws:asset:path'])),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
