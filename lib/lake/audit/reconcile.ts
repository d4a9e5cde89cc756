import pLimit from 'p-limit';
import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../domain/candles.ts';
import { type Chunk, rangeLabel, SOURCES } from '../../domain/chunk.ts';
import { CorruptObject, NotPublished, UnexpectedFormat } from '../../domain/errors.ts';
import { nextOpenTime } from '../../domain/interval.ts';
import { seriesName } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import { landingKey, parseReceiptKey, receiptKey } from '../keys.ts';
import type { Receipt } from '../landing/receipt.ts';
import { RULE } from './check-manifests.ts';
import { type CandleComparison, compareCandles } from './compare-candles.ts';
import type { SeriesItem } from './contract.ts';
import type { Findings } from './findings.ts';
import { readCandles, readOutput, type SoundSeries, type StandingShard } from './lake-series.ts';
import { pickSample, seededRandom } from './sample.ts';
import { type SampleQuestion, sampleQuestions, sampleUnits } from './sample-unit.ts';
import { landStaged, type Staging } from './staging.ts';
import type { AuditWorld } from './world.ts';

/** Questions of one series to the exchange at once. */
const AT_ONCE = 4;

/** What a source told, beside what the lake has. */
interface Answered {
  readonly question: SampleQuestion;
  readonly staging: Staging;
  readonly comparison: CandleComparison;
}

/**
 * Compares a sample of the series with every source that has not landed for it. A sample that differs lands like
 * anything fetched, so that refine's merge decides by its rule and records both values; one that is equal does not, and
 * changes nothing.
 * @returns how many samples were compared
 */
export async function reconcile(
  item: SeriesItem,
  { series, shards, landed }: SoundSeries,
  findings: Findings,
  world: AuditWorld,
): Promise<number> {
  const random = seededRandom(item.seed, seriesName(series));
  const full = shards.filter(({ manifest }) => manifest.report.candles > 0);
  const spans = full.map((shard) => ({ shard, candles: spanOf(shard) }));
  const all = spans.flatMap(({ shard, candles }) =>
    sampleUnits(series, candles).map((unit) => ({ shard, candles, unit })),
  );
  const chosen = pickSample(all, item.sample, random);
  const asked = new Set<string>();
  const limit = pLimit(AT_ONCE);
  let samples = 0;
  for (const { shard } of spans) {
    const questions = chosen
      .filter((unit) => unit.shard === shard)
      .flatMap(({ unit, candles }) =>
        sampleQuestions(series, unit, {
          candles,
          landed,
          nowMs: world.clock.nowMs(),
          whole: item.sample === 'all',
          random,
        }),
      )
      .filter((question) => {
        const name = `${question.source} ${rangeLabel(question.source, question.range)}`;
        // Several days of a month ask for the same monthly file.
        return asked.has(name) ? false : asked.add(name);
      });
    if (questions.length === 0) continue;
    const bytes = await readOutput(world.store, shard.manifest.outputs.candles);
    // A run has replaced it since it was checked.
    if (!bytes) continue;
    const lake = await readCandles(bytes, world.readers);
    const answers = await Promise.all(questions.map((question) => limit(() => ask(question, lake, spanOf(shard)))));
    for (const answer of answers) {
      if (!answer) continue;
      samples++;
      await settle(answer);
    }
  }
  return samples;

  async function ask(question: SampleQuestion, lake: Candles, span: TimeRange): Promise<Answered | undefined> {
    const { source, range } = question;
    const chunk: Chunk = { series, source, range, asOfMs: world.clock.nowMs(), sizeBytes: 0 };
    const half = source === 'rest' ? 'REST' : 'archive';
    try {
      const staging = await world.reach.ask(half, () => world.exchange.fetch(chunk));
      if (!staging) return undefined;
      const told = await decodeStaged(staging);
      const common = { fromMs: Math.max(range.fromMs, span.fromMs), toMs: Math.min(range.toMs, span.toMs) };
      return { question, staging, comparison: compareCandles(lake, told, common) };
    } catch (error) {
      // Not every month and day is in the archive; a day may be there days later.
      if (error instanceof NotPublished) return undefined;
      if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
      findings.add('reconcile', 'differs', {
        place: placeOf(question),
        what: `what ${source} says`,
        expected: 'candles, as its checksum names them',
        found: error.message,
        remedy: 'audit again later',
      });
      return undefined;
    }
  }

  async function decodeStaged(staging: Staging): Promise<Candles> {
    const parts: Candles[] = [];
    for (const key of staging.objects.keys()) {
      const id = parseReceiptKey(series, key);
      if (!id) continue;
      const receipt = JSON.parse(Buffer.from(staging.objects.get(receiptKey(id))!).toString('utf8')) as Receipt;
      parts.push(
        await world.readers.decode({ receipt, key: landingKey(id), bytes: staging.objects.get(landingKey(id))! }),
      );
    }
    return join(parts);
  }

  async function settle({ question, staging, comparison }: Answered): Promise<void> {
    const { source } = question;
    const { differences, onlySample, onlyLake } = comparison;
    if (differences.length > 0 || onlySample.length > 0) await landStaged(staging, world.store);
    for (const { openTimeMs, lake, sample } of differences) {
      findings.add('reconcile', 'differs', {
        place: isoTime(openTimeMs),
        what: `candle, ${sourceAt(openTimeMs)} against ${source}, which has landed too`,
        expected: lake,
        found: sample,
        rule: RULE,
        remedy: 'npx lake run decides and records both',
      });
    }
    if (onlySample.length > 0) {
      findings.add('reconcile', 'differs', {
        place: isoTime(onlySample[0]!),
        what: `candles that the lake lacks and ${source} has; it has landed too`,
        expected: 'none',
        found: String(onlySample.length),
        remedy: 'npx lake run fills them in',
      });
    }
    if (onlyLake.length > 0) {
      findings.add('reconcile', 'note', {
        place: isoTime(onlyLake[0]!),
        what: `candles that the lake has and ${source} lacks`,
        expected: 'none',
        found: String(onlyLake.length),
        remedy: '',
      });
    }
  }

  /** Where the lake's candle comes from: the best source that landed for it. */
  function sourceAt(timeMs: number): string {
    const covers = (range: TimeRange) => timeMs >= range.fromMs && timeMs < range.toMs;
    return SOURCES.find((source) => landed.some((id) => id.source === source && covers(id.range))) ?? 'the lake';
  }

  function spanOf({ manifest }: StandingShard): TimeRange {
    const { firstOpenTimeMs, lastOpenTimeMs } = manifest.report;
    return { fromMs: firstOpenTimeMs, toMs: nextOpenTime(series.interval, lastOpenTimeMs) };
  }
}

function placeOf({ source, range }: SampleQuestion): string {
  return `${source} ${rangeLabel(source, range)}`;
}

function join(parts: readonly Candles[]): Candles {
  if (parts.length === 1) return parts[0]!;
  const whole = allocateCandles(parts.reduce((sum, part) => sum + part.length, 0));
  let row = 0;
  for (const part of parts) {
    for (const name of CANDLE_COLUMNS) whole[name].set(part[name], row);
    row += part.length;
  }
  return whole;
}
