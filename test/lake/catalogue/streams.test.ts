import type { Stream } from '../../../lib/domain/stream.ts';
import type { TimeRange } from '../../../lib/domain/time-range.ts';
import { closeStreams } from '../../../lib/lake/catalogue/streams.ts';
import { receiptKey, refineResultKey } from '../../../lib/lake/keys.ts';
import type { Plan } from '../../../lib/lake/plan/contract.ts';
import type { StreamReport } from '../../../lib/lake/refine/contract.ts';
import { streamLake } from '../../support/stream-lake.ts';

const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
const between = (from: string, to: string): TimeRange => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
const FEBRUARY = between('2024-02-01', '2024-03-01');
const NAMED = {
  stage: 'fetch',
  name: 'funding um/BTCUSDT archive_monthly 2024-02',
  error: 'UnexpectedFormat',
  message: 'row 3 of BTCUSDT-fundingRate-2024-02.zip has 2 fields',
  landed: true,
};

/** Returns the result of a run of this range, if the file of February is unreadable and these parts are lacking. */
async function closed(range: TimeRange, lacking: readonly TimeRange[]) {
  const lake = streamLake();
  const { error, message } = NAMED;
  const file = { source: 'archive_monthly', range: FEBRUARY, error, message, landed: true, lacking } as const;
  const report: StreamReport = { stream: FUNDING, shards: [], failed: [file] };
  await lake.put(refineResultKey('r1', FUNDING), Buffer.from(JSON.stringify(report)));
  const stream = { stream: FUNDING, range, wantedChunks: 1, landedChunks: 1, outOfReach: [], lakeReads: 0 };
  const plan = { runId: 'r1', streams: { streams: [stream], chunks: [] } } as Partial<Plan> as Plan;
  const { failures, healed } = await closeStreams({ ...plan, streams: plan.streams! }, [], { store: lake });
  return { failures, healed };
}

describe('a file of a stream that cannot be read', () => {
  const run = between('2024-01-20', '2024-02-20');

  test.each<[string, readonly TimeRange[]]>([
    ['if no other object has its rows', [FEBRUARY]],
    ['if others have some of the rows that the run wants', [between('2024-02-19', '2024-03-01')]],
  ])('is a failure %s', async (_, lacking) => {
    expect(await closed(run, lacking)).toEqual({ failures: [NAMED], healed: [] });
  });

  test.each<[string, readonly TimeRange[]]>([
    ['of all of it', []],
    ['of all that the run wants of it', [between('2024-02-20', '2024-03-01')]],
  ])('is healed where others tell %s', async (_, lacking) => {
    expect(await closed(run, lacking)).toEqual({ failures: [], healed: [NAMED] });
  });

  test('is nothing to a run that wants nothing of it', async () => {
    expect(await closed(between('2024-03-01', '2024-03-09'), [FEBRUARY])).toEqual({ failures: [], healed: [] });
  });
});

describe('a file that was restored', () => {
  const chunk = {
    stream: FUNDING,
    source: 'archive_monthly',
    range: FEBRUARY,
    asOfMs: FEBRUARY.toMs,
    sizeBytes: 9,
    revision: { lastModifiedMs: FEBRUARY.toMs, etag: '"A"', sizeBytes: 9 },
  } as const;
  const planned = { stream: FUNDING, range: FEBRUARY, wantedChunks: 1, landedChunks: 0, outOfReach: [], lakeReads: 0 };
  const plan = { runId: 'r1', streams: { streams: [planned], chunks: [chunk] } } as Partial<Plan> as Plan;

  /** Returns what is missing if the lake has these receipts, each with the hash that its letter makes. */
  async function missing(receipts: Record<string, object>) {
    const lake = streamLake();
    const report: StreamReport = { stream: FUNDING, shards: [] };
    await lake.put(refineResultKey('r1', FUNDING), Buffer.from(JSON.stringify(report)));
    for (const [letter, words] of Object.entries(receipts)) {
      const id = { stream: FUNDING, source: chunk.source, range: FEBRUARY, sha256: letter.repeat(64) };
      const receipt = { ...id, url: 'http://127.0.0.1/some.zip', asOfMs: FEBRUARY.toMs, sizeBytes: 8, ...words };
      await lake.put(receiptKey(id), Buffer.from(JSON.stringify(receipt)));
    }
    const { failures } = await closeStreams({ ...plan, streams: plan.streams! }, [], { store: lake });
    return failures.map(({ name }) => name);
  }

  test('has landed when it landed again, and not by what lies there from before', async () => {
    const newer = { fetchedAtMs: 2, etag: '"B"' };
    expect(await missing({ a: { fetchedAtMs: 1, etag: '"A"' }, b: newer })).toEqual([NAMED.name]);
    expect(await missing({ a: { fetchedAtMs: 3, etag: '"A"' }, b: newer })).toEqual([]);
  });

  test('is missing, and the report there, if its receipt is damaged', async () => {
    expect(await missing({ a: { fetchedAtMs: 1, etag: '"A"', earlier: 3 } })).toEqual([NAMED.name]);
  });
});
