import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  DistributedMap,
  type IChainable,
  JsonPath,
  ResultWriterV2,
  S3JsonItemReader,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { PlanHolesResult, PlanResult } from '../lake/plan/contract.ts';

interface PlanMapProps {
  readonly bucket: IBucket;
  /** Field of the state that contains the key of the items. The state is the plan's result and that of the holes. */
  readonly itemsField: (keyof PlanResult | `holes.${keyof PlanHolesResult}`) & `${string}Key`;
  readonly maxConcurrency: number;
  /** The states of each item. They must catch their own errors, because a failed item ends the map. */
  readonly child: IChainable;
}

/** Prefix of everything about runs. */
const RUNS = 'runs/*';

/** The library's reader, but allowed to read objects of runs only. The library allows the whole bucket. */
class RunItemReader extends S3JsonItemReader {
  override providePolicyStatements(): PolicyStatement[] {
    return [new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects(RUNS)] })];
  }
}

/** The library's writer, but allowed to write objects of runs only. */
class RunResultWriter extends ResultWriterV2 {
  override providePolicyStatements(): PolicyStatement[] {
    const actions = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
    return [new PolicyStatement({ actions, resources: [this.bucket!.arnForObjects(RUNS)] })];
  }
}

/**
 * A Distributed Map over one of the JSON arrays that `plan` wrote. Items and results go through S3, and the state keeps
 * the plan's result, so that no payload grows with the size of the run.
 */
export function planMap(scope: Construct, id: string, props: PlanMapProps): DistributedMap {
  const map = new DistributedMap(scope, id, {
    itemReader: new RunItemReader({ bucket: props.bucket, key: JsonPath.stringAt(`$.${props.itemsField}`) }),
    mapExecutionType: StateMachineType.STANDARD,
    // Without a label, the metrics of each map run have a new name, a UUID.
    label: id,
    maxConcurrency: props.maxConcurrency,
    resultWriterV2: new RunResultWriter({
      bucket: props.bucket,
      prefix: JsonPath.format(`runs/{}/maps/${id}`, JsonPath.stringAt('$.runId')),
    }),
    resultPath: JsonPath.DISCARD,
  });
  return map.itemProcessor(props.child);
}
