// @ts-check
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// Its types are those of CommonJS, and an import would give another value than they say.
/** @type {{ default: typeof import('@jest/test-sequencer').default }} */
const { default: TestSequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/**
 * The suites that take longest, the longest first. They start first, so that none of them is left to run alone at the
 * end. A clean checkout has no times of an earlier run, which jest would go by.
 */
const LONG = [
  ...['documents/commands', 'infra/deployed-app', 'package/installed', 'end-to-end/sameness', 'infra/settings'],
  ...['scale/scheduled-runs', 'chaos/chaos', 'package/launcher', 'infra/rights', 'lake/audit/stream-damage'],
  ...['features/laws', 'chaos/real-kills', 'security/keys', 'scale/scheduled-streams', 'dataset/load-pack'],
  ...['end-to-end/lives-from-the-wild', 'end-to-end/disk-full', 'cli/query-export', 'cli/ls-command'],
  ...['lake/versions/rewrites', 'lake/versions/kill-sweep', 'cli/lost-tables', 'end-to-end/streams'],
].map((name) => `${name}.test.ts`);

const TEST = fileURLToPath(new URL('.', import.meta.url));

/** The order of the suites: first those of the table, then the others in jest's own order. */
export default class LongestFirst extends TestSequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   * @throws Error if the table lists a suite that does not exist
   */
  async sort(tests) {
    const missing = LONG.find((name) => !existsSync(TEST + name));
    if (missing) throw new Error(`test/${missing} must exist, because test/longest-first.mjs lists it`);
    const ordered = await super.sort([...tests]);
    return ordered.sort((a, b) => rank(a.path) - rank(b.path));
  }
}

/** @param {string} path */
function rank(path) {
  const at = LONG.indexOf(path.slice(TEST.length).replaceAll('\\', '/'));
  return at < 0 ? LONG.length : at;
}
