/**
 * Prints one plain closing line, `N passed, N failed, N skipped`, so that any machine can read how the tests went. A
 * suite beside the main one has a name, which its line begins with.
 */
export default class ClosingLineReporter {
  constructor(_config, { name } = {}) {
    this.prefix = name === undefined ? '' : `${name}: `;
  }

  onRunComplete(_contexts, results) {
    // A suite that failed to load has no failing test in it; it is counted, or it would go unseen.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`\n${this.prefix}${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
