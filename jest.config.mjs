import { fileURLToPath } from 'node:url';
import { RUNGS, rungOf, testFiles } from './test/rungs.mjs';

/** Jest runs the sources as ES modules, as Node does; swc only strips the types. */
export const sources = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      fileURLToPath(new URL('./test/fast-globals-transform.mjs', import.meta.url)),
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};

const files = testFiles();

/** One project a rung, see test/rungs.mjs. */
export default {
  projects: Object.keys(RUNGS).map((rung) => ({
    ...sources,
    displayName: rung,
    roots: ['<rootDir>/test'],
    testMatch: files.filter((file) => rungOf(file) === rung).map((file) => `<rootDir>/test/${file}`),
    ...(rung !== 'unit' && { globalSetup: '<rootDir>/test/build-bundle.mjs' }),
  })),
  testSequencer: '<rootDir>/test/longest-first.mjs',
  // Two workers on two cores: jest's own choice would leave one idle.
  maxWorkers: '100%',
  testTimeout: 180_000,
  reporters: ['default', '<rootDir>/test/closing-line-reporter.mjs'],
};
