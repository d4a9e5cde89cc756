import { nodeOf } from '../scripts/node-of.ts';

/** One Node that the benchmarks run on. */
export interface BenchNode {
  /** For example `Node 24`. */
  readonly name: string;
  readonly path: string;
}

const NEWEST = '24';

/** Returns Node 24 if npm can bring it, and this Node. */
export function benchNodes(): readonly BenchNode[] {
  const [major] = process.versions.node.split('.');
  const own = { name: `Node ${major}`, path: process.execPath };
  if (major === NEWEST) return [own];
  const path = nodeOf(NEWEST);
  if (path === undefined) console.log(`Node ${NEWEST} is left out: npm could not bring it`);
  return path === undefined ? [own] : [{ name: `Node ${NEWEST}`, path }, own];
}
