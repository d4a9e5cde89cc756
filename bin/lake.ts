import { runLakeProgram } from '../lib/cli/lake-program.ts';

// Every object is put in one step, so stopping at any moment leaves a whole lake.
process.once('SIGINT', () => {
  process.stderr.write('\nlake: interrupted; what is done is kept, and the next run goes on from there\n');
  process.exit(130);
});
// A reader that goes away, as `lake query … | head` does, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

process.exitCode = await runLakeProgram(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  variables: process.env,
});
