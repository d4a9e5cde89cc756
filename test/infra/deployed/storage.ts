import { STREAM_NAMES } from '../../../lib/domain/stream-table.ts';
import { CANDLES_SCHEMA } from '../../../lib/domain/table-schema.ts';
import { TABLES } from '../../../lib/domain/tables.ts';
import { DEFAULT_WATCH_LIST } from '../../../lib/domain/watch-list.ts';
import { FEATURES_SCHEMA } from '../../../lib/features/schema.ts';
import { LABEL_TABLE, type LabelRow } from '../../../lib/labels/label-table.ts';
import { LABELS_SCHEMA } from '../../../lib/labels/schema.ts';
import { runReportKey } from '../../../lib/lake/keys.ts';
import { namedQueries } from '../../../lib/query/named-queries.ts';
import { VIEWS } from '../../../lib/query/views.ts';
import type { DeployedApp, Resource } from '../deployed-app.ts';
import { LAKE, type Statement, text } from './template.ts';

/** The tests of the buckets, and of the tables and views over them. */
export function describeStorage(deployed: () => DeployedApp): void {
  let app: DeployedApp;
  beforeAll(() => {
    app = deployed();
  });

  describe('stateful resources', () => {
    test('keep their logical ids: a changed id is a new, empty resource', () => {
      const types = ['AWS::S3::Bucket', 'AWS::Glue::Database', 'AWS::Glue::Table'];
      const stateful = types.flatMap((type) => app.ofType(type));
      expect(stateful.map(([id]) => id).sort()).toEqual([
        'LakeAccessLogs4431AB8D',
        LAKE,
        'SqlDatabase9947477D',
        'SqlTablecandles8C3A42C4',
        'SqlTablefeatures8778C7C5',
        'SqlTablefunding81FBB94F',
        'SqlTablegaps77B56164',
        'SqlTableinstruments0D9AB90B',
        'SqlTablelabels233DF522',
        'SqlTablemarkcandlesEABB38B1',
        'SqlTableopeninterestDEE90A52',
        'SqlTablerunreportsA1CE1440',
        'ViewsViewdataset0674BB2E',
        'ViewsViewmllstm0E30F331',
        'ViewsViewmlmlpAA4B49A3',
        'ViewsViewmlxgboost918F7E2A',
        'ViewsViewrunsADF0182D',
      ]);
    });

    test('buckets and their policies stay; what can be made again goes, so that a deployment can be repeated', () => {
      const policies = (types: readonly string[]) => {
        const found = types.flatMap((type) => app.ofType(type));
        expect(found.length).toBeGreaterThan(1);
        return new Set(found.map(([, one]) => `${one.DeletionPolicy} ${one.UpdateReplacePolicy}`));
      };
      // A bucket that a failed first deployment has just made goes; it would hold nothing but its name.
      expect(policies(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])).toEqual(new Set(['RetainExceptOnCreate Retain']));
      expect(policies(['AWS::Glue::Database', 'AWS::Glue::Table'])).toEqual(new Set(['Delete Delete']));
      const named = ['AWS::Logs::LogGroup', 'AWS::Athena::WorkGroup', 'AWS::CloudWatch::Dashboard'];
      for (const [id, { DeletionPolicy = 'Delete' }] of named.flatMap((type) => app.ofType(type))) {
        expect([id, DeletionPolicy]).toEqual([id, 'Delete']);
      }
    });

    test('the lake is versioned, encrypted, private and takes TLS only', () => {
      const { Properties } = app.resources[LAKE]!;
      expect(Properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
      expect(JSON.stringify(Properties['BucketEncryption'])).toContain('"SSEAlgorithm":"AES256"');
      const policy = app.ofType('AWS::S3::BucketPolicy').find(([, p]) => text(p.Properties['Bucket']) === `<${LAKE}>`)!;
      const denials = (policy[1].Properties['PolicyDocument'] as { Statement: Statement[] }).Statement;
      expect(denials).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    });

    describe('what the bucket removes by itself', () => {
      interface Rule {
        readonly Status: string;
        readonly Prefix?: string;
        readonly ExpirationInDays?: number;
        readonly ExpirationDate?: string;
        readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
      }
      let rules: readonly Rule[];
      beforeAll(() => {
        rules = (app.resources[LAKE]!.Properties['LifecycleConfiguration'] as { Rules: Rule[] }).Rules;
      });

      /** By prefix: days after which objects go, or versions that were replaced. */
      function daysOf(days: (rule: Rule) => number | undefined): Record<string, number> {
        const found = rules.flatMap((rule): [string, number][] => {
          const [prefix, after] = [rule.Prefix ?? '', days(rule)];
          return after === undefined ? [] : [[prefix, after]];
        });
        return Object.fromEntries(found);
      }

      test('is, of current objects, plans and results of runs and queries: no landing object, record or report', () => {
        expect(rules.map(({ Status, ExpirationDate }) => [Status, ExpirationDate])).toEqual(
          rules.map(() => ['Enabled', undefined]),
        );
        expect(daysOf((rule) => rule.ExpirationInDays)).toEqual({ 'runs/': 30, 'athena-results/': 14 });
      });

      test('are replaced versions: of tables and streams soon, of all else after a month', () => {
        const replaced = daysOf((rule) => rule.NoncurrentVersionExpiration?.NoncurrentDays);
        const soon = [...TABLES, 'checkpoints', 'manifests', 'checks', ...STREAM_NAMES].map((name) => [`${name}/`, 2]);
        expect(replaced).toEqual({ '': 30, 'runs/': 1, ...Object.fromEntries(soon) });
      });
    });

    test('each column of labels has its meaning and its values as the comment of the Glue table', () => {
      const inputs = app.ofType('AWS::Glue::Table').map(([, t]) => t.Properties['TableInput'] as Record<string, never>);
      const columns = inputs.find((input) => input['Name'] === 'labels')!['StorageDescriptor']['Columns'] as {
        Name: string;
        Comment?: string;
      }[];
      const rows: readonly LabelRow[] = LABEL_TABLE;
      for (const { name, meaning, values = [] } of rows) {
        const comment = columns.find(({ Name }) => Name === name)?.Comment ?? '';
        expect(comment.startsWith(meaning)).toBe(true);
        for (const { value, meaning: of } of values) expect(comment).toContain(`${value}: ${of}`);
        // The limits of Glue.
        expect(comment).toMatch(/^[^\n\r\t]{1,255}$/);
      }
    });

    test('the tables have the columns of the schemas that the Parquet writer writes', () => {
      const glue = {
        timestamp: 'timestamp',
        float64: 'double',
        float32: 'float',
        int32: 'int',
        int8: 'tinyint',
        string: 'string',
      };
      for (const schema of [CANDLES_SCHEMA, FEATURES_SCHEMA, LABELS_SCHEMA]) {
        const inputs = app
          .ofType('AWS::Glue::Table')
          .map(([, t]) => t.Properties['TableInput'] as Record<string, never>);
        const table = inputs.find((input) => input['Name'] === schema.name)!;
        expect(table['StorageDescriptor']['Columns']).toEqual(
          schema.columns.map(({ name, type, comment }) => ({
            ...{ Name: name, Type: glue[type] },
            ...(comment !== undefined && { Comment: comment }),
          })),
        );
        expect(text(table['StorageDescriptor']['Location'])).toBe(`s3://<${LAKE}>/${schema.name}/`);
        expect((table['PartitionKeys'] as { Name: string }[]).map(({ Name }) => Name)).toEqual([
          ...['market', 'symbol', 'interval', 'period'],
        ]);
      }
    });
  });

  describe('views and named queries', () => {
    type Input = Record<string, never>;
    const inputs = () => app.ofType('AWS::Glue::Table').map(([, { Properties }]) => Properties['TableInput'] as Input);

    test('a view is there after the deployment as Athena itself would have kept it', () => {
      for (const view of VIEWS) {
        const input = inputs().find((one) => one['Name'] === view.name)!;
        expect(input).toMatchObject({
          TableType: 'VIRTUAL_VIEW',
          Parameters: { presto_view: 'true' },
          ViewExpandedText: '/* Presto View */',
        });
        const text = /^\/\* Presto View: (\S+) \*\/$/.exec(input['ViewOriginalText'])![1]!;
        const definition = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
        expect(definition).toMatchObject({ originalSql: view.athena, schema: 'candlelake' });
        const columns = input['StorageDescriptor']['Columns'] as { Name: string }[];
        expect(columns.map(({ Name }) => Name)).toEqual(view.columns.map(({ name }) => name));
      }
    });

    test('run_reports has one column, and days that Athena works out where the reports are put', () => {
      const { StorageDescriptor, PartitionKeys, Parameters } = inputs().find((one) => one['Name'] === 'run_reports')!;
      const key = runReportKey('r1', Date.parse('2026-11-20T23:59Z'));
      expect(key).toBe('run_reports/day=2026-11-20/r1.json');
      expect(text(StorageDescriptor!['Location'])).toBe(`s3://<${LAKE}>/${key.split('/')[0]}/`);
      expect(StorageDescriptor).toMatchObject({ Columns: [{ Name: 'line', Type: 'string' }] });
      expect(PartitionKeys).toEqual([{ Name: 'day', Type: 'string' }]);
      expect(Parameters).toMatchObject({
        'projection.enabled': 'true',
        'projection.day.type': 'date',
        'projection.day.format': 'yyyy-MM-dd',
      });
    });

    test('named queries are in the workgroup and ask about the watch list', () => {
      const found = app.ofType('AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties);
      expect(found.map((one) => [one['Name'], one['QueryString'], one['WorkGroup'], one['Database']])).toEqual(
        namedQueries(DEFAULT_WATCH_LIST).map(({ name, sql }) => [name, sql, 'candlelake', 'candlelake']),
      );
      expect(found.some((one) => String(one['QueryString']).includes(`symbol IN ('BTCUSDT')`))).toBe(true);
    });
  });

  describe('queries', () => {
    test('cost no more than the limit and leave encrypted results', () => {
      const [[, workgroup]] = app.ofType('AWS::Athena::WorkGroup') as unknown as [[string, Resource]];
      expect(workgroup.Properties).toMatchObject({
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: 100_000_000_000,
          ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
        },
      });
    });
  });
}
