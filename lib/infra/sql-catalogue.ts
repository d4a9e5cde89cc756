import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type ColumnType, PARTITION_COLUMNS, type TableSchema } from '../domain/table-schema.ts';

export interface SqlCatalogueProps {
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
 * The Glue database and its tables, from the same schemas as the Parquet writer. Partitions are added by the catalogue
 * stage; nothing is inferred, so there is no crawler.
 */
export class SqlCatalogue extends Construct {
  readonly databaseName: string;
  readonly tableNames: readonly string[];

  constructor(scope: Construct, id: string, props: SqlCatalogueProps) {
    super(scope, id);
    this.databaseName = props.databaseName;
    this.tableNames = props.tables.map(({ name }) => name);
    const catalogId = Stack.of(this).account;
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: props.databaseName, description: 'Candles, features and labels, one row a candle' },
    });
    database.applyRemovalPolicy(RemovalPolicy.RETAIN);
    for (const schema of props.tables) {
      const table = new CfnTable(this, `Table-${schema.name}`, {
        catalogId,
        databaseName: props.databaseName,
        tableInput: {
          name: schema.name,
          tableType: 'EXTERNAL_TABLE',
          parameters: { classification: 'parquet', EXTERNAL: 'TRUE' },
          partitionKeys: PARTITION_COLUMNS.map((name) => ({ name, type: 'string' })),
          storageDescriptor: {
            location: `s3://${props.bucket.bucketName}/${schema.name}/`,
            columns: schema.columns.map(({ name, type }) => ({ name, type: GLUE_TYPE[type] })),
            inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
            outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
            serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
          },
        },
      });
      table.addResourceDependency(database);
      table.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
