import fc from 'fast-check';
import { damaged } from './damage.ts';
import type { FuzzJob, FuzzOutcome } from './start-fuzz.ts';
import { TARGETS } from './targets.ts';

// A process of its own, told what to do by the one that started it, which ends it where an input is never done with.
process.on('message', (job: FuzzJob) => {
  void fuzz(job).then((outcome) => process.send!(outcome));
});
process.send!('ready');

async function fuzz(job: FuzzJob): Promise<FuzzOutcome> {
  const target = await TARGETS[job.target]!();
  const endings: Record<string, number> = {};
  let inputs = 0;
  let slowestMs = 0;

  /** Reads one input. It throws if the result is an error that is not one of the named errors. */
  async function readOne(bytes: Buffer): Promise<void> {
    process.send!('began');
    inputs++;
    const beganMs = performance.now();
    let ending = 'read';
    try {
      await target.read(bytes);
    } catch (error) {
      ending = (error as Error).name;
      if (!target.errors.includes(ending)) throw error;
    } finally {
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
    }
    endings[ending] = (endings[ending] ?? 0) + 1;
  }

  const details = await fc.check(fc.asyncProperty(damaged(target.samples), readOne), {
    numRuns: job.count,
    seed: job.seed,
    ...(job.path !== undefined && { path: job.path, endOnFailure: true }),
  });
  const failure = details.failed
    ? `--seed ${details.seed} --path ${details.counterexamplePath}\n` +
      `${String((details.errorInstance as Error)?.stack)}\n` +
      `input: ${JSON.stringify(details.counterexample?.[0].toString('latin1').slice(0, 400))}`
    : undefined;
  return { inputs, endings, slowestMs, peakBytes: process.resourceUsage().maxRSS * 1024, failure };
}
