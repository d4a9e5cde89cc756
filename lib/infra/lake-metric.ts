import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, type MetricName } from '../adapters/aws/metric-names.ts';

/** One of the metrics that the Lambdas of one deployed lake write. */
export function lakeMetric(service: string, name: MetricName, options: MetricOptions): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { service },
    ...options,
  });
}
