import { memoryStore } from '../chaos/memory-store.ts';
import { meteredLake } from './metered-run.ts';

interface Step {
  readonly gets: number;
  readonly lists: number;
  readonly puts: number;
  readonly landedBytes: number;
  readonly recordBytes: number;
  readonly runs: number;
}

async function schedule(interval: string, everyMinutes: number, begin: string, runs: number): Promise<Step[]> {
  const lake = await meteredLake(begin, memoryStore());
  const steps: Step[] = [];
  try {
    const beginMs = Date.parse(begin);
    for (let step = 0; step < runs; step++) {
      lake.moveTo(beginMs + step * everyMinutes * 60_000 + 61_000);
      const { stages } = await lake.run({ symbols: ['BTCUSDT'], interval, from: '2024-02-26' });
      const sum = (name: 'gets' | 'lists' | 'puts' | 'landedBytes' | 'recordBytes') =>
        Object.values(stages).reduce((total, meter) => total + meter[name], 0);
      steps.push({
        gets: sum('gets'),
        lists: sum('lists'),
        puts: sum('puts'),
        landedBytes: sum('landedBytes'),
        recordBytes: sum('recordBytes'),
        runs: step,
      });
    }
  } finally {
    await lake.close();
  }
  return steps;
}

test('probe', async () => {
  const t = Date.now();
  const steps = await schedule('15m', 15, '2024-02-28T12:00Z', Number(process.env['STEPS'] ?? 30));
  console.log(
    steps
      .filter((_, i) => i % 6 === 0)
      .map((s) => JSON.stringify(s))
      .join('\n'),
    Date.now() - t,
  );
});
