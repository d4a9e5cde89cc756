import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { METRICS, MetricName } from './metric-names.ts';

type Stage = keyof typeof METRICS;
type Fields = Readonly<Record<string, unknown>>;

/** A handler's log and metrics. Every line carries the stage, the run, and the batch or series of the event. */
export interface Telemetry {
  /** Fields of every line from here on, of this invocation. */
  about(fields: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  count(name: MetricName, value: number): void;
  /** A metric with a dimension besides the lake's. Each value of a dimension is paid for by the month. */
  countBy(name: MetricName, dimension: Readonly<Record<string, string>>, value: number): void;
}

/** The part of Lambda's context that handlers use. */
interface InvocationContext {
  getRemainingTimeInMillis(): number;
  readonly awsRequestId?: string;
}

/** Metrics that an error counts as, by its name. */
const COUNTED_ERRORS: Readonly<Record<string, MetricName>> = {
  ExchangeBusy: 'ExchangeBusy',
  CorruptObject: 'ChecksumFailures',
};

const UNITS: Partial<Record<MetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  BytesLanded: MetricUnit.Bytes,
  NewestCandleAge: MetricUnit.Seconds,
  OldestSeriesAge: MetricUnit.Seconds,
  SecondsSinceComplete: MetricUnit.Seconds,
  EstimatedCostUsd: MetricUnit.NoUnit,
};

function unitOf(name: MetricName): (typeof MetricUnit)[keyof typeof MetricUnit] {
  return UNITS[name] ?? MetricUnit.Count;
}

/**
 * A Lambda handler that logs as JSON, writes metrics (both to the log, no request is made) and draws its part of the
 * trace. What the work throws is logged, counted and thrown on. The event itself is never logged.
 */
export function withTelemetry<R>(
  stage: Stage,
  work: (event: unknown, telemetry: Telemetry, context: InvocationContext) => Promise<R>,
): (event: unknown, context: InvocationContext) => Promise<R> {
  const logger = new Logger();
  const metrics = new Metrics();
  const tracer = new Tracer();
  const telemetry: Telemetry = {
    about: (fields) => logger.appendKeys({ ...fields }),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    count: (name, value) => metrics.addMetric(name, unitOf(name), value),
    countBy: (name, dimension, value) => {
      const single = metrics.singleMetric();
      for (const [key, own] of Object.entries(dimension)) single.addDimension(key, own);
      single.addMetric(name, unitOf(name), value);
    },
  };
  return async (event, context) => {
    const about = { stage, ...aboutEvent(event), requestId: context.awsRequestId };
    logger.resetKeys();
    logger.appendKeys(about);
    const segment = tracer.getSegment();
    const part = segment?.addNewSubsegment(`## ${stage}`);
    if (part) tracer.setSegment(part);
    for (const [name, value] of Object.entries(about)) if (value !== undefined) tracer.putAnnotation(name, value);
    try {
      return await work(event, telemetry, context);
    } catch (error) {
      const { name } = error as Error;
      logger.error('stage failed', error as Error);
      part?.addError(error as Error);
      const counted = COUNTED_ERRORS[name];
      if (counted) telemetry.count(counted, 1);
      throw error;
    } finally {
      part?.close();
      if (segment) tracer.setSegment(segment);
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

/** Returns the run, the batch and the series of an event, if it has them in the expected form. */
function aboutEvent(event: unknown): Readonly<Record<string, string>> {
  const { runId, batch, series } = (event ?? {}) as Record<string, unknown>;
  const { market, symbol, interval } = (series ?? {}) as Record<string, unknown>;
  return {
    ...(typeof runId === 'string' && { runId }),
    ...(typeof batch === 'string' && { batch }),
    ...(typeof symbol === 'string' && { series: `${market}/${symbol}/${interval}` }),
  };
}
