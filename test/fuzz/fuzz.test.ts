import { shareOf } from './share.ts';
import { startFuzz } from './start-fuzz.ts';
import { TARGETS } from './targets.ts';

const COUNT = 500;
const SEED = 1;
/** A process loads some code before it can read. Files of a month and the engine's own memory fit below this limit. */
const MAX_PEAK_BYTES = 2 ** 30;

const reading = startFuzz();
afterAll(() => reading.close());

describe('damaged input comes to an end, with an answer or one of the named errors', () => {
  test.each(Object.keys(TARGETS))('%s', async (target) => {
    const count = shareOf(target, COUNT);
    const { inputs, endings, peakBytes, failure } = await reading.fuzz({ target, count, seed: SEED });
    expect(failure && `npm run fuzz -- --target ${target} --count ${count} ${failure}`).toBeUndefined();
    expect(inputs).toBe(count);
    expect(peakBytes).toBeLessThan(MAX_PEAK_BYTES);
    // Where every input ended in the same way, the damage would be too great to find anything.
    if (target !== 'cli') expect(Object.keys(endings).length).toBeGreaterThan(1);
  });
});
