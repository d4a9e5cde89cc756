import { runLakeProgram } from '../lib/cli/lake-program.ts';

// Every object is put in one step, so the lake is intact whenever the process stops.
process.once('SIGINT', () => {
  process.stderr.write('\nlake: interrupted; what is done is kept, and the next run continues from there\n');
  process.exit(130);
});
// It is not an error if a reader such as `head` in `lake query … | head` ends early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

process.exitCode = await runLakeProgram(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  variables: process.env,
});
