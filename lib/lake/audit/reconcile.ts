import pLimit from 'p-limit';
import { type Candles, joinCandles } from '../../domain/candles.ts';
import { type Chunk, rangeLabel, SOURCES } from '../../domain/chunk.ts';
import { CorruptObject, NotPublished, UnexpectedFormat } from '../../domain/errors.ts';
import { nextOpenTime } from '../../domain/interval.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import { decodeJson } from '../json.ts';
import { type LandingId, landingKey, parseReceiptKey, receiptKey } from '../keys.ts';
import { decodeLanded } from '../landing/decode-shard.ts';
import type { Receipt } from '../landing/receipt.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { AuditContext } from './audit-context.ts';
import { type CandleShard, readShardCandles } from './candle-shard.ts';
import { type CandleComparison, compareCandles } from './compare-candles.ts';
import type { SeriesItem } from './contract.ts';
import { differs, type Findings } from './findings.ts';
import { landStaged } from './land-staged.ts';
import { pickSample, seededRandom } from './sample.ts';
import { type SampleQuestion, sampleQuestions, sampleUnits } from './sample-unit.ts';

/** The rule by which refine decides between two values of one candle. */
export const CANDLE_RULE = 'monthly beats daily beats REST; of one source, the one fetched later';

/** Questions about one series that are sent at once. */
const AT_ONCE = 4;

/** The answer of a source, compared with the lake. */
interface Answered {
  readonly question: SampleQuestion;
  readonly staged: MemoryStore;
  readonly comparison: CandleComparison;
}

/**
 * Compares a sample of the series with every source that has not landed for it. A sample that differs lands, so that
 * the merge of refine decides by its rule and records both values. A sample that is equal does not land.
 * @returns the number of samples that were compared
 */
export async function reconcile(
  item: SeriesItem,
  shards: readonly CandleShard[],
  landed: readonly { readonly id: Pick<LandingId, 'source' | 'range'> }[],
  findings: Findings,
  context: AuditContext,
): Promise<number> {
  const { series } = item;
  const landedIds = landed.map(({ id }) => id);
  const asked = chooseQuestions(item, shards, landedIds, context.clock.nowMs());
  const limit = pLimit(AT_ONCE);
  let samples = 0;
  for (const [shard, questions] of asked) {
    if (questions.length === 0) continue;
    const lake = await readShardCandles(context.store, shard);
    // A run has replaced the shard since it was checked.
    if (!lake) continue;
    const span = spanOf(series, shard);
    const answers = await Promise.all(
      questions.map((question) => limit(() => ask(series, question, lake, span, findings, context))),
    );
    for (const answer of answers) {
      if (!answer) continue;
      samples++;
      const { differences, onlySample } = answer.comparison;
      if (differences.length + onlySample.length > 0) await landStaged(answer.staged, context.store);
      report(answer, landedIds, findings);
    }
  }
  return samples;
}

/** Draws the sample, and returns the questions about the days of each shard. */
function chooseQuestions(
  { series, seed, sample }: SeriesItem,
  shards: readonly CandleShard[],
  landed: readonly Pick<LandingId, 'source' | 'range'>[],
  nowMs: number,
): [CandleShard, SampleQuestion[]][] {
  const random = seededRandom(seed, seriesName(series));
  const spans = shards
    .filter(({ manifest }) => manifest.report.candles > 0)
    .map((shard) => ({ shard, candles: spanOf(series, shard) }));
  const all = spans.flatMap(({ shard, candles }) =>
    sampleUnits(series, candles).map((unit) => ({ shard, candles, unit })),
  );
  const chosen = pickSample(all, sample, random);
  const asked = new Set<string>();
  return spans.map(({ shard }) => {
    const questions = chosen
      .filter((unit) => unit.shard === shard)
      .flatMap(({ unit, candles }) =>
        sampleQuestions(series, unit, { candles, landed, nowMs, whole: sample === 'all', random }),
      )
      // Several days of a month need the same monthly file.
      .filter((question) => (asked.has(placeOf(question)) ? false : asked.add(placeOf(question))));
    return [shard, questions];
  });
}

async function ask(
  series: Series,
  question: SampleQuestion,
  lake: Candles,
  span: TimeRange,
  findings: Findings,
  { clock, exchange }: AuditContext,
): Promise<Answered | undefined> {
  const { source, range } = question;
  const chunk: Chunk = { series, source, range, asOfMs: clock.nowMs(), sizeBytes: 0 };
  try {
    const staged = await exchange.fetch(chunk);
    if (!staged) return undefined;
    const sample = await decodeStaged(series, staged);
    const common = { fromMs: Math.max(range.fromMs, span.fromMs), toMs: Math.min(range.toMs, span.toMs) };
    return { question, staged, comparison: compareCandles(lake, sample, common) };
  } catch (error) {
    // Not every month and day is in the archive. A day may be published days later.
    if (error instanceof NotPublished) return undefined;
    if (!(error instanceof CorruptObject || error instanceof UnexpectedFormat)) throw error;
    const fault = differs(
      placeOf(question),
      `what ${source} says`,
      'candles, as its checksum names them',
      error.message,
    );
    findings.differs('reconcile', fault, 'audit again later');
    return undefined;
  }
}

async function decodeStaged(series: Series, { objects }: MemoryStore): Promise<Candles> {
  const parts: Candles[] = [];
  for (const key of objects.keys()) {
    const id = parseReceiptKey(series, key);
    if (!id) continue;
    const receipt = decodeJson<Receipt>(objects.get(receiptKey(id))!);
    parts.push(await decodeLanded({ receipt, key: landingKey(id), bytes: objects.get(landingKey(id))! }));
  }
  return joinCandles(parts);
}

function report(
  { question: { source }, comparison: { differences, onlySample, onlyLake } }: Answered,
  landed: readonly Pick<LandingId, 'source' | 'range'>[],
  findings: Findings,
): void {
  /** Returns the best source that landed for the candle. */
  const sourceAt = (timeMs: number) => {
    const covers = ({ fromMs, toMs }: TimeRange) => timeMs >= fromMs && timeMs < toMs;
    return SOURCES.find((one) => landed.some((id) => id.source === one && covers(id.range))) ?? 'the lake';
  };
  for (const { openTimeMs, lake, sample } of differences) {
    const what = `candle, ${sourceAt(openTimeMs)} against ${source}, which has landed too`;
    const fault = differs(isoTime(openTimeMs), what, lake, sample);
    findings.differs('reconcile', fault, 'npx lake run decides and records both', CANDLE_RULE);
  }
  if (onlySample.length > 0) {
    const what = `candles that the lake lacks and ${source} has; it has landed too`;
    const fault = differs(isoTime(onlySample[0]!), what, 'none', onlySample.length);
    findings.differs('reconcile', fault, 'npx lake run fills them in');
  }
  if (onlyLake.length > 0) {
    const what = `candles that the lake has and ${source} lacks`;
    findings.note('reconcile', differs(isoTime(onlyLake[0]!), what, 'none', onlyLake.length));
  }
}

/** Returns the range from the first to the last candle of a shard. */
function spanOf({ interval }: Series, { manifest }: CandleShard): TimeRange {
  const { firstOpenTimeMs, lastOpenTimeMs } = manifest.report;
  return { fromMs: firstOpenTimeMs, toMs: nextOpenTime(interval, lastOpenTimeMs) };
}

function placeOf({ source, range }: SampleQuestion): string {
  return `${source} ${rangeLabel(source, range)}`;
}
