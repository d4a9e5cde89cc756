import type { Tasks } from '../../lib/workflow/run-workflow.ts';
import type { TemporaryLake } from '../support/store.ts';

export interface ToyItems {
  readonly archive?: readonly string[];
  readonly rest?: readonly string[];
  readonly symbols?: readonly string[];
  /** Batches, and symbols to refine again, planned once the others are refined. */
  readonly holes?: { readonly batches: readonly string[]; readonly symbols: readonly string[] };
}

/** Events that the toy tasks were given, in order, as `stage:batch` or `stage:symbol`. */
export interface ToyRun {
  readonly calls: string[];
  readonly events: Record<string, unknown>[];
  readonly tasks: Tasks;
}

/** Tasks that do nothing but plan the items given and write down how they were called. */
export function toyRun(
  lake: TemporaryLake,
  items: ToyItems,
  overrides: Partial<Record<string, Tasks[string]>> = {},
): ToyRun {
  const calls: string[] = [];
  const events: Record<string, unknown>[] = [];
  const toys: Tasks = {
    async plan(event) {
      const { runId, holes = false } = event as { runId: string; holes?: boolean };
      const batches = (names: readonly string[] = []) => names.map((batch) => ({ runId, batch, chunks: [batch] }));
      const key = (name: string) => `runs/${runId}/${name}.json`;
      const seriesItems = (symbols: readonly string[] = []) =>
        symbols.map((symbol) => ({ runId, series: { market: 'um', symbol, interval: '1m' } }));
      if (holes) {
        await lake.putJson(key('holes-rest'), batches(items.holes?.batches));
        await lake.putJson(key('holes-series'), seriesItems(items.holes?.symbols));
        const chunks = items.holes?.batches.length ?? 0;
        return { runId, chunks, restKey: key('holes-rest'), seriesKey: key('holes-series') };
      }
      await lake.putJson(key('archive'), batches(items.archive));
      await lake.putJson(key('rest'), batches(items.rest));
      await lake.putJson(key('series'), seriesItems(items.symbols));
      const counts = { archive: items.archive?.length ?? 0, rest: items.rest?.length ?? 0 };
      return {
        runId,
        archiveKey: key('archive'),
        restKey: key('rest'),
        seriesKey: key('series'),
        batches: { ...counts, streamArchive: 0, streamRest: 0 },
        totals: {},
      };
    },
    fetch: async (event) => ({ batch: (event as { batch: string }).batch }),
    refine: async (event) => ({ ...(event as object), done: true }),
    async catalogue(event) {
      const { runId } = event as { runId: string };
      const failures = await lake.store.list(`runs/${runId}/failures/`);
      return { runId, complete: failures.length === 0, summary: failures.map(({ key }) => key).join(' ') };
    },
  };
  const watched = Object.keys(toys).map((stage) => {
    const task = overrides[stage] ?? toys[stage]!;
    return [
      stage,
      async (event: unknown) => {
        const { batch, series, holes } = event as { batch?: string; series?: { symbol: string }; holes?: true };
        calls.push([stage, batch ?? series?.symbol ?? (holes && 'holes')].filter(Boolean).join(':'));
        events.push(event as Record<string, unknown>);
        return task(event);
      },
    ] as const;
  });
  return { calls, events, tasks: Object.fromEntries(watched) };
}

/** An error by name, as the stages throw them. */
export function named(name: string, message = 'as the test wants it'): Error {
  return Object.assign(new Error(message), { name });
}
