import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { type NamedQuery, namedQueries, type QueryLiterals } from '../query/named-queries.ts';
import { prestoViewText } from '../query/presto-view.ts';
import type { TrinoType, View } from '../query/views.ts';
import type { QueryWorkgroup } from './query-workgroup.ts';
import type { SqlCatalogue } from './sql-catalogue.ts';

interface SqlViewsProps {
  readonly catalogue: SqlCatalogue;
  readonly workgroup: QueryWorkgroup;
  readonly views: readonly View[];
  /** The series in the named queries, until somebody edits them. */
  readonly literals: QueryLiterals;
}

const GLUE_TYPE: Readonly<Record<TrinoType, string>> = {
  bigint: 'bigint',
  boolean: 'boolean',
  double: 'double',
  integer: 'int',
  real: 'float',
  'timestamp(3)': 'timestamp',
  tinyint: 'tinyint',
  varchar: 'string',
};

/** The lake's views, which work as soon as the stack exists, and the named queries of its workgroup. */
export class SqlViews extends Construct {
  constructor(scope: Construct, id: string, { catalogue, workgroup, views, literals }: SqlViewsProps) {
    super(scope, id);
    for (const view of views) this.addView(view, catalogue);
    for (const query of namedQueries(literals)) this.addQuery(query, catalogue, workgroup);
  }

  private addView(view: View, catalogue: SqlCatalogue): void {
    const table = new CfnTable(this, `View-${view.name}`, {
      catalogId: Stack.of(this).account,
      databaseName: catalogue.databaseName,
      tableInput: {
        name: view.name,
        description: view.about,
        tableType: 'VIRTUAL_VIEW',
        // Without these two, Athena reads the SQL as that of a Hive view.
        parameters: { presto_view: 'true', comment: 'Presto View' },
        partitionKeys: [],
        storageDescriptor: {
          location: '',
          columns: view.columns.map(({ name, type }) => ({ name, type: GLUE_TYPE[type] })),
          serdeInfo: {},
        },
        viewOriginalText: prestoViewText(view, catalogue.databaseName),
        viewExpandedText: '/* Presto View */',
      },
    });
    table.addResourceDependency(catalogue.database);
    table.applyRemovalPolicy(RemovalPolicy.DESTROY);
  }

  private addQuery(query: NamedQuery, catalogue: SqlCatalogue, workgroup: QueryWorkgroup): void {
    const named = new CfnNamedQuery(this, `Query-${query.name}`, {
      name: query.name,
      description: query.description,
      database: catalogue.databaseName,
      workGroup: workgroup.name,
      queryString: query.sql,
    });
    named.addResourceDependency(catalogue.database);
    named.addResourceDependency(workgroup.resource);
  }
}
