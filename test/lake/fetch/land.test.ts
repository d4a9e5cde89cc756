import { landAnswer } from '../../../lib/lake/fetch/land-answer.ts';
import type { Receipt } from '../../../lib/lake/landing/receipt.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { MONTH } from '../../support/fetched-lake.ts';
import { seededRandom } from '../../support/random.ts';
import { runTogether } from '../../support/two-writers.ts';

test('two runs that land the same bytes at once are both in the receipt, in every order', async () => {
  for (let seed = 0; seed < 300; seed++) {
    const store = memoryStore();
    const random = seededRandom(seed);
    const landAt = (nowMs: number) => (lake: ObjectStore) => {
      const answer = { status: 200, headers: {}, body: Buffer.from('a file') };
      const clock = { nowMs: () => nowMs, sleep: async () => {} };
      return landAnswer(
        { chunk: MONTH, range: MONTH.range, url: `http://exchange/${nowMs}`, answer },
        { store: lake, clock },
      );
    };
    await runTogether({
      store,
      writers: [landAt(1000), landAt(2000)],
      order: (pending) => random.whole(0, pending.length - 1),
      look: () => {},
    });
    const [key] = [...store.objects.keys()].filter((one) => one.endsWith('.receipt.json'));
    const receipt = JSON.parse(Buffer.from(store.objects.get(key!)!).toString()) as Receipt;
    const times = [...(receipt.earlier ?? []), receipt].map(({ fetchedAtMs }) => fetchedAtMs);
    expect({ seed, times }).toEqual({ seed, times: [1000, 2000] });
  }
});
