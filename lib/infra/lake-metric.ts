import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, type MetricName } from '../adapters/aws/metric-names.ts';

interface LakeMetricOptions extends Omit<MetricOptions, 'dimensionsMap'> {
  /** Dimensions besides the lake's. */
  readonly by?: Readonly<Record<string, string>>;
}

/** Returns a metric that the Lambdas of one deployed lake write. */
export function lakeMetric(service: string, name: MetricName, { by, ...options }: LakeMetricOptions): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { service, ...by },
    ...options,
  });
}
