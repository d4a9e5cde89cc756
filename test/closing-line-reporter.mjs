/** Prints one plain closing line, `N passed, N failed, N skipped`, so that any machine can read how the tests went. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    // A suite that failed to load has no failing test in it; it is counted, or it would go unseen.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
