import { venueOf } from '../../lib/exchange/venues.ts';
import { readConfig } from '../../lib/infra/config.ts';
import { secondsOf, useOf } from '../../lib/lake/cost/aws-use.ts';
import type { StreamBatch } from '../../lib/lake/fetch/contract.ts';
import type { Plan, PlanRequest, PlanResult, StreamItem } from '../../lib/lake/plan/contract.ts';
import { plan } from '../../lib/lake/plan/plan.ts';
import { streamWork } from '../../lib/lake/plan/plan-work.ts';
import { exchangeAccess } from '../support/exchange-access.ts';
import { memoryStore, paperExchange } from './paper-exchange.ts';

const symbols = Array.from({ length: 600 }, (_, i) => `1000000${String(i).padStart(3, '0')}LONGNAMEUSDT`);
/** A tenth of the market, if the whole would only take ten times as long. */
const TENTH = symbols.slice(0, 60);
/** When the whole market is brought up to date, in the middle of a month. */
const NOW = Date.parse('2026-11-20T09:40Z');
const MONTHS = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2025, 10 + i, 1)).toISOString().slice(0, 7));

interface PlannedMarket {
  readonly made: Plan;
  readonly result: PlanResult;
  readonly archive: readonly StreamBatch[];
  readonly rest: readonly StreamBatch[];
  readonly items: readonly StreamItem[];
  readonly questions: number;
  readonly planBytes: number;
}

/** The daily run of everything, planned by the real planner over an exchange that only lists. */
async function planMarket(symbols: readonly string[], request: PlanRequest): Promise<PlannedMarket> {
  const store = memoryStore();
  const paper = paperExchange({ symbols, interval: '15m', nowMs: NOW, months: MONTHS, monthlyBytes: 150_000 });
  const world = {
    store,
    ...exchangeAccess({ nowMs: () => NOW, sleep: async () => {} }, 'http://paper', paper.http),
    defaults: { market: 'um', symbols: ['BTCUSDT'], interval: '15m', period: '1y' },
  };
  const input = { runId: 'Everything-2026-11-20T09-40-00Z', request: { symbols: ['all'], streams: true, ...request } };
  const result = await plan(input, world);
  const read = <T>(key: string) => JSON.parse(new TextDecoder().decode(store.objects.get(key))) as T;
  return {
    made: read(result.planKey),
    result,
    archive: read(result.streamArchiveKey!),
    rest: read(result.streamRestKey!),
    items: read(result.streamsKey!),
    questions: paper.requests.count,
    planBytes: store.objects.get(result.planKey)!.length,
  };
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

function requestsOf({ made }: PlannedMarket): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const chunk of made.streams!.chunks) {
    const kind = chunk.source === 'rest' ? `${chunk.stream.name} rest` : `${chunk.stream.name} files`;
    counts[kind] =
      (counts[kind] ?? 0) + (chunk.source === 'rest' ? venueOf('um').restCost(chunk.stream, chunk.range).requests : 1);
  }
  return counts;
}

describe('the streams of 600 symbols, one day after the other', () => {
  let day: PlannedMarket;
  beforeAll(async () => {
    day = await planMarket(symbols, { interval: '15m', from: '2026-11-19' });
    if (process.env['CANDLELAKE_PRINT_SCALE']) process.stderr.write(runMetrics(day));
  });

  test('a request or a file each, and a snapshot of them all', () => {
    expect(requestsOf(day)).toEqual({
      'instruments rest': 2,
      'open_interest files': 600,
      'open_interest rest': 600,
      'funding rest': 600,
      'mark_candles files': 600,
      'mark_candles rest': 600,
    });
  });

  test('weight is a minute of half the budget; funding, counted apart, takes ten minutes and sets the pace', () => {
    const { streams } = day.result.totals;
    expect(streams).toMatchObject({ streams: 1801, files: 1200, restRequests: 1802, restWeight: 1201 });
    const asked = (streams!.restRequests * secondsOf('restRequest', 'fetch')) / 60;
    const funding = Math.floor(602 / 250) * 5;
    expect(Math.max(asked, funding)).toBeLessThan(15);
    // A batch never waits longer than two pauses of five minutes, which leaves a third of the function's time.
    const batchFundings = Math.max(
      ...day.rest.map((batch) => batch.streamChunks.filter(({ stream }) => stream.name === 'funding').length),
    );
    expect(batchFundings).toBeLessThan(250);
    expect(30 * secondsOf('restRequest', 'fetch') + 300).toBeLessThan(900 / 2);
  });

  test('costs a few cents', () => {
    expect(day.result.totals.streams!.awsUsd).toBeGreaterThan(0.05);
    expect(day.result.totals.streams!.awsUsd).toBeLessThan(0.5);
  });

  test('items are small, and state is keys', () => {
    for (const items of [day.archive, day.rest, day.items]) {
      expect(Math.max(...items.map(bytesOf))).toBeLessThan(262_144 / 8);
    }
    expect(bytesOf(day.result)).toBeLessThan(2_000);
  });
});

describe('the first day: a year of 600 symbols, planned for a tenth of them', () => {
  let first: PlannedMarket;
  beforeAll(async () => {
    first = await planMarket(TENTH, { interval: '15m', period: '1y' });
    if (process.env['CANDLELAKE_PRINT_SCALE']) process.stderr.write(runMetrics(first));
  });

  test('is files, and REST for the last days', () => {
    expect(requestsOf(first)).toEqual({
      'instruments rest': 2,
      'open_interest files': 60 * 365,
      'open_interest rest': 60,
      'funding files': 60 * 12,
      // The page of funding that is open is requested apart.
      'funding rest': 120,
      'mark_candles files': 60 * (12 + 19),
      'mark_candles rest': 60,
    });
  });

  test('is planned within the function, and its items stay small', () => {
    // 32 questions at once (test/lake/plan/side-by-side.test.ts), a third of a second each.
    expect(((10 * first.questions) / 32) * 0.35).toBeLessThan(900 / 10);
    // The plan in memory, its text, and the text's bytes: in a gibibyte.
    expect(4 * 10 * first.planBytes).toBeLessThan(0.5 * 1024 ** 3);
    for (const items of [first.archive, first.rest]) {
      expect(Math.max(...items.map(bytesOf))).toBeLessThan(262_144 / 8);
    }
  });

  test('lands within the hour, in a new account within three, and stays below the budget', () => {
    const batch = secondsOf('streamBatch', 'fetch') + 62 * secondsOf('file', 'fetch');
    const hoursAt = (children: number) => (((10 * first.archive.length) / children) * batch) / 3600;
    expect(hoursAt(50)).toBeLessThan(1);
    expect(hoursAt(readConfig(() => undefined).concurrency.archive)).toBeLessThan(3);
    expect(10 * first.result.totals.streams!.awsUsd).toBeGreaterThan(1);
    expect(10 * first.result.totals.awsUsd).toBeLessThan(25);
  });
});

/** The figures of docs/scale.md. */
function runMetrics(market: PlannedMarket): string {
  const { archive, rest, questions, planBytes, result, made } = market;
  const figures = {
    requests: requestsOf(market),
    batches: [archive.length, rest.length],
    largest: Math.max(...archive.map(bytesOf), ...rest.map(bytesOf)),
    questions,
    planMb: planBytes / 1e6,
    streams: result.totals.streams,
    use: useOf(streamWork(made.streams!)),
  };
  return `${JSON.stringify(figures, null, 1)}\n`;
}
