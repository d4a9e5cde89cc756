import { STREAM_NAMES } from '../../lib/domain/stream-table.ts';
import { TABLES } from '../../lib/domain/tables.ts';
import { text } from './deployed/template.ts';
import { synthesisedResources, type TemplateResource } from './synthesised-template.ts';

/** Each number of days is another, so that no setting can stand in for another one. */
const DAYS = { logs: 7, queryResults: 21, replacedVersions: 22, replacedTables: 23, runs: 24 } as const;

interface LifecycleRule {
  readonly Prefix?: string;
  readonly Status: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
  readonly ExpiredObjectDeleteMarker?: boolean;
}

/** Returns everything that a rule of a bucket removes, as a line. */
function lineOf(rule: LifecycleRule): string {
  const { Prefix, Status, ExpirationInDays: current, NoncurrentVersionExpiration: replaced, ...rest } = rule;
  const uploads = rest.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  return [
    `${Prefix ?? 'all'} ${Status}:`,
    ...(current === undefined ? [] : [`objects after ${current}`]),
    ...(replaced === undefined ? [] : [`replaced versions after ${replaced.NoncurrentDays}`]),
    ...(uploads === undefined ? [] : [`unfinished uploads after ${uploads}`]),
    ...(rest.ExpiredObjectDeleteMarker ? ['delete markers'] : []),
  ].join(' ');
}

describe('each number of retentionDays', () => {
  let resources: Readonly<Record<string, TemplateResource>>;
  beforeAll(() => {
    resources = synthesisedResources({ retentionDays: DAYS });
  }, 120_000);

  const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const removedBy = (bucket: RegExp) => {
    const [, found] = ofType('AWS::S3::Bucket').find(([id]) => bucket.test(id))!;
    return (found.Properties['LifecycleConfiguration'] as { readonly Rules: readonly LifecycleRule[] }).Rules.map(
      lineOf,
    );
  };

  test('decides in the lake what it names, and no rule removes a landing object, a record or a table', () => {
    const replaced = [...TABLES, 'checkpoints', 'manifests', 'checks', ...STREAM_NAMES];
    expect(removedBy(/^LakeBucket/)).toEqual([
      'all Enabled: replaced versions after 22 unfinished uploads after 1 delete markers',
      ...replaced.map((prefix) => `${prefix}/ Enabled: replaced versions after 23`),
      'runs/ Enabled: objects after 24 replaced versions after 1',
      'athena-results/ Enabled: objects after 21',
    ]);
  });

  test('logs: of functions, of machines, of access to the lake', () => {
    expect(removedBy(/^LakeAccessLogs/)).toEqual(['all Enabled: objects after 7']);
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups.map(([id, { Properties }]) => [id, Properties['RetentionInDays']])).toEqual(
      groups.map(([id]) => [id, 7]),
    );
    // Each function and each machine writes into one of them.
    const own = new Set(groups.map(([id]) => `<${id}>`));
    for (const [id, { Properties }] of ofType('AWS::Lambda::Function')) {
      const { LogGroup } = Properties['LoggingConfig'] as { readonly LogGroup: unknown };
      expect([id, own.has(text(LogGroup))]).toEqual([id, true]);
    }
    for (const [id, { Properties }] of ofType('AWS::StepFunctions::StateMachine')) {
      const { Destinations } = Properties['LoggingConfiguration'] as {
        readonly Destinations: readonly { readonly CloudWatchLogsLogGroup: { readonly LogGroupArn: unknown } }[];
      };
      const targets = Destinations.map(({ CloudWatchLogsLogGroup: { LogGroupArn } }) => own.has(text(LogGroupArn)));
      expect([id, targets]).toEqual([id, [true]]);
    }
  });

  test('replacedTables is the price of replaced tables that plan estimates', () => {
    const days = ofType('AWS::Lambda::Function').map(([id, { Properties }]) => {
      const { Variables } = Properties['Environment'] as { readonly Variables: Readonly<Record<string, unknown>> };
      return [id.replace(/Function.*/, ''), Variables['CANDLELAKE_REPLACED_TABLE_DAYS']];
    });
    expect(days.filter(([, value]) => value !== undefined)).toEqual([['Plan', '23']]);
  });
});
