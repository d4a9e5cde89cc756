import { fileURLToPath } from 'node:url';
import { sources } from '../../jest.config.mjs';

/** The tests that need the AWS emulator. Their names have another ending, so that `npm test` leaves them out. */
export default {
  ...sources,
  rootDir: fileURLToPath(new URL('../../', import.meta.url)),
  roots: ['<rootDir>/test/aws'],
  testMatch: ['**/*.emulated.ts'],
  testTimeout: 300_000,
  reporters: ['default', ['<rootDir>/test/closing-line-reporter.mjs', { name: 'test:aws' }]],
};
