/** Jest runs the sources as ES modules, as Node does; swc only strips the types. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Two workers on two cores: jest's own choice would leave one idle.
  maxWorkers: '100%',
  testTimeout: 180_000,
  reporters: ['default', '<rootDir>/test/closing-line-reporter.mjs'],
};
