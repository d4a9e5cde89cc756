import fc from 'fast-check';
import { readManifest } from '../../../lib/lake/manifest/manifest.ts';
import { landAnswer, OPEN_INTEREST, oiRow, refineIn, rowsOf, STEP, streamLake, T0 } from '../../support/stream-lake.ts';

/** An answer of REST about some steps of open interest. It has a value for each step that is not absent. */
interface Answered {
  readonly from: number;
  readonly length: number;
  readonly values: readonly number[];
  readonly absent: readonly number[];
}

const answered = fc.record({
  from: fc.nat(3),
  length: fc.integer({ min: 1, max: 5 }),
  values: fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.constant(2)), { minLength: 5, maxLength: 5 }),
  absent: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(fc.nat(4), { maxLength: 1 })),
}) satisfies fc.Arbitrary<Answered>;

function rowsIn({ from, length, values, absent }: Answered): [timeMs: number, amount: number][] {
  return values
    .slice(0, length)
    .map((amount, row): [number, number] => [T0 + (from + row) * STEP, amount])
    .filter((_, row) => !absent.includes(row));
}

test('what another answer contains changes no row of a stream and hides no conflict, whatever landed', async () => {
  const counts = { landed: 0, contained: 0 };
  const step = fc.record({ answer: answered, refined: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (steps) => {
      const lake = streamLake();
      const expected = new Map<number, number>();
      const differing = new Set<number>();
      const landed = new Set<string>();
      for (const [index, { answer, refined }] of steps.entries()) {
        const range = { fromMs: T0 + answer.from * STEP, toMs: T0 + (answer.from + answer.length) * STEP };
        const body = JSON.stringify(rowsIn(answer).map(([timeMs, amount]) => oiRow(timeMs, amount)));
        await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body, fetchedAtMs: 100 + index });
        landed.add(`${range.fromMs} ${range.toMs} ${body}`);
        // The newest answer that has a row decides.
        for (const [timeMs, amount] of rowsIn(answer)) {
          if ((expected.get(timeMs) ?? amount) !== amount) differing.add(timeMs);
          expected.set(timeMs, amount);
        }
        if (refined) await refineIn(lake, OPEN_INTEREST);
      }
      await refineIn(lake, OPEN_INTEREST);
      const rows = await rowsOf(lake, 'open_interest');
      expect(rows.map((row) => row['sum_open_interest'])).toEqual(
        [...expected].sort(([a], [b]) => a - b).map(([, amount]) => amount),
      );
      const manifest = await readManifest(lake, OPEN_INTEREST, '2024-01');
      // The report has only the first samples.
      const { conflicts, conflictSamples } = manifest!.report;
      const samples = new Set(conflictSamples.map(({ timeMs }) => timeMs));
      if (conflicts <= 20) expect([...samples]).toEqual([...differing].sort((a, b) => a - b));
      counts.landed += landed.size;
      counts.contained += landed.size - manifest!.inputs.length;
      expect((await refineIn(lake, OPEN_INTEREST)).recomputed).toBe(0);
    }),
    { numRuns: 150 },
  );
  expect(counts.contained).toBeGreaterThan(counts.landed / 10);
  expect(counts.contained).toBeLessThan(counts.landed);
}, 60_000);
