import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type ColumnType, partitionsOf, type TableSchema } from '../domain/table-schema.ts';
import { RUN_REPORTS } from '../query/views.ts';

interface SqlCatalogueProps {
  readonly bucket: IBucket;
  /** Name of the Glue database; letters, digits and underscores. */
  readonly databaseName: string;
  readonly tables: readonly TableSchema[];
}

const GLUE_TYPE: Readonly<Record<ColumnType, string>> = {
  timestamp: 'timestamp',
  float64: 'double',
  float32: 'float',
  int32: 'int',
  int8: 'tinyint',
  string: 'string',
};

/**
 * The Glue database and its tables, from the same schemas as the Parquet writer. The catalogue stage adds partitions.
 * Nothing is inferred, so there is no crawler. All of it is deleted with the stack, because it can be rebuilt from the
 * bucket, and names that stayed would stop the next deployment.
 */
export class SqlCatalogue extends Construct {
  readonly databaseName: string;
  readonly database: CfnDatabase;
  /** Names of the tables that have partitions. */
  readonly tableNames: readonly string[];

  constructor(scope: Construct, id: string, props: SqlCatalogueProps) {
    super(scope, id);
    this.databaseName = props.databaseName;
    this.tableNames = props.tables.map(({ name }) => name);
    const catalogId = Stack.of(this).account;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: {
        name: props.databaseName,
        description: 'Candles, features and labels, one row a candle; gaps, one row a range without',
      },
    });
    this.database.applyRemovalPolicy(RemovalPolicy.DESTROY);
    for (const schema of props.tables) {
      const table = new CfnTable(this, `Table-${schema.name}`, {
        catalogId,
        databaseName: props.databaseName,
        tableInput: {
          name: schema.name,
          tableType: 'EXTERNAL_TABLE',
          // The catalogue stage creates the indexes of the partitions, because CloudFormation cannot. Athena uses them
          // only with the last parameter.
          parameters: { classification: 'parquet', EXTERNAL: 'TRUE', 'partition_filtering.enabled': 'true' },
          partitionKeys: partitionsOf(schema).map((name) => ({ name, type: 'string' })),
          storageDescriptor: {
            location: `s3://${props.bucket.bucketName}/${schema.name}/`,
            columns: schema.columns.map(({ name, type, comment }) => ({
              name,
              type: GLUE_TYPE[type],
              ...(comment !== undefined && { comment }),
            })),
            inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
            outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
            serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
          },
        },
      });
      table.addResourceDependency(this.database);
      table.applyRemovalPolicy(RemovalPolicy.DESTROY);
    }
    this.addRunReports(props);
  }

  /**
   * One row per report. Its days are projected, so no partition is added. Hive's separator of fields is a control
   * character, which JSON always escapes, so the one column is the whole line.
   */
  private addRunReports({ bucket, databaseName }: SqlCatalogueProps): void {
    const table = new CfnTable(this, `Table-${RUN_REPORTS.name}`, {
      catalogId: Stack.of(this).account,
      databaseName,
      tableInput: {
        name: RUN_REPORTS.name,
        description: 'Reports of runs, a line each; query the view runs',
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          'projection.enabled': 'true',
          [`projection.${RUN_REPORTS.athenaPartition}.type`]: 'date',
          [`projection.${RUN_REPORTS.athenaPartition}.format`]: 'yyyy-MM-dd',
          [`projection.${RUN_REPORTS.athenaPartition}.range`]: '2026-01-01,NOW+1DAYS',
          [`projection.${RUN_REPORTS.athenaPartition}.interval`]: '1',
          [`projection.${RUN_REPORTS.athenaPartition}.interval.unit`]: 'DAYS',
        },
        partitionKeys: [{ name: RUN_REPORTS.athenaPartition, type: 'string' }],
        storageDescriptor: {
          location: `s3://${bucket.bucketName}/${RUN_REPORTS.name}/`,
          columns: [{ name: RUN_REPORTS.athenaColumn, type: 'string' }],
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
            parameters: { 'serialization.format': '1' },
          },
        },
      },
    });
    table.addResourceDependency(this.database);
    table.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }
}
