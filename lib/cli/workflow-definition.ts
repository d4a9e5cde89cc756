import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * The state machine as CDK synthesises it. Synthesis takes a second or two, so its result is kept in `.cache/` under a
 * hash of all that it depends on.
 */
export async function workflowDefinition(): Promise<Record<string, unknown>> {
  const path = join(ROOT, '.cache', 'workflow', `${sourcesHash()}.json`);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    const { synthesiseDefinition } = await import('../infra/synthesise-definition.ts');
    const definition = synthesiseDefinition();
    keep(path, JSON.stringify(definition));
    return definition;
  }
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const folder of ['lib/infra', 'lib/domain', 'lib/features', 'lib/labels']) {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((n) =>
      n.endsWith('.ts'),
    );
    for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(join(ROOT, folder, name)));
  }
  for (const name of ['package-lock.json', 'cdk.json']) hash.update(readFileSync(join(ROOT, name)));
  return hash.digest('hex').slice(0, 16);
}

/** A cache that cannot be written is no reason to fail. */
function keep(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  } catch {}
}
