// @ts-check
import { createHash } from 'node:crypto';
import { createTransformer } from '@swc/jest';

/**
 * Globals that modules get as constants of their own. In jest each use of a global asks the sandbox, also in the
 * innermost loop, which makes kernels three times slower than they are. No test replaces any of these.
 */
const GLOBALS = [
  ...['Array', 'BigInt', 'Buffer', 'DataView', 'Float32Array', 'Float64Array', 'Infinity', 'Int32Array', 'JSON'],
  ...['Map', 'Math', 'NaN', 'Number', 'Object', 'Set', 'String', 'Uint8Array', 'Uint32Array'],
];

/** It is on the first line of a module, so that the lines of errors are those of the source. */
const PRELUDE = `const { ${GLOBALS.join(', ')} } = globalThis; `;

/** @typedef {ReturnType<typeof createTransformer>} Transformer */

/** The transformer of jest: swc strips the types, and each module gets its globals as constants. */
export default {
  /** @param {Parameters<typeof createTransformer>[0]} options */
  createTransformer(options) {
    const swc = createTransformer(options);
    const { process, processAsync, getCacheKey } = /** @type {Required<Transformer>} */ (swc);
    return {
      ...swc,
      /** @type {typeof process} */
      process: (...given) => withPrelude(process(...given)),
      /** @type {typeof processAsync} */
      processAsync: async (...given) => withPrelude(await processAsync(...given)),
      /** @type {typeof getCacheKey} */
      getCacheKey: (...given) =>
        createHash('sha256')
          .update(`${getCacheKey(...given)} ${PRELUDE}`)
          .digest('hex'),
    };
  },
};

/**
 * @template {{ code: string }} Result
 * @param {Result} result
 */
function withPrelude(result) {
  return { ...result, code: PRELUDE + result.code };
}
