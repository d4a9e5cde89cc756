import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { PlanResult } from '../lake/plan/contract.ts';
import type { LakeConfig } from './config.ts';
import { fetchMap } from './fetch-map.ts';

interface FetchMapsProps {
  readonly bucket: IBucket;
  readonly fetch: IFunction;
  readonly concurrency: LakeConfig['concurrency'];
  /** The state after both maps. */
  readonly next: IChainable;
}

/** The states that fetch candles and those that fetch streams: maps, their items, and the choices before them. */
const KINDS = {
  candles: {
    wanted: 'ArchiveWanted',
    archive: { id: 'FetchArchive', items: 'archiveKey', count: 'archive' },
    restWanted: 'RestWanted',
    rest: { id: 'FetchRest', items: 'restKey', count: 'rest' },
  },
  streams: {
    wanted: 'StreamsWanted',
    archive: { id: 'FetchStreamArchive', items: 'streamArchiveKey', count: 'streamArchive' },
    restWanted: 'StreamRestWanted',
    rest: { id: 'FetchStreamRest', items: 'streamRestKey', count: 'streamRest' },
  },
} as const;

/**
 * Fetches archive files, then REST. A map without a batch is passed by, because a map run takes seconds, and AWS does
 * not document what an ItemReader does with an empty array. Returns the first choice; the caller adds the state that
 * follows if there is no batch.
 */
export function fetchMaps(
  scope: Construct,
  kind: keyof typeof KINDS,
  { bucket, fetch, concurrency, next }: FetchMapsProps,
): Choice {
  const { wanted, archive, restWanted, rest } = KINDS[kind];
  const has = (count: keyof PlanResult['batches']) => Condition.numberGreaterThan(`$.batches.${count}`, 0);
  const fetchRest = fetchMap(scope, rest.id, {
    bucket,
    fetch,
    itemsField: rest.items,
    maxConcurrency: concurrency.rest,
  });
  fetchRest.next(next);
  const fetchArchive = fetchMap(scope, archive.id, {
    bucket,
    fetch,
    itemsField: archive.items,
    maxConcurrency: concurrency.archive,
  });
  fetchArchive.next(new Choice(scope, restWanted).when(has(rest.count), fetchRest).otherwise(next));
  return new Choice(scope, wanted).when(has(archive.count), fetchArchive).when(has(rest.count), fetchRest);
}
