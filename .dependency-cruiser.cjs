/**
 * The directions of imports between the rooms of lib/, lowest first. A room imports itself and the rooms that its row
 * names. docs/architecture.md has the drawing. test/architecture runs this.
 */
const LAKE_STAGES = ['plan', 'fetch', 'refine', 'catalogue'];

/** Each room, and the rooms below it that it may import. `ports.ts` is open to every room from `parquet` on. */
const ROOMS = {
  domain: [],
  features: ['domain'],
  labels: ['domain', 'features'],
  parquet: ['domain'],
  exchange: ['domain'],
  lake: ['domain', 'features', 'labels', 'parquet', 'exchange'],
  query: ['domain', 'features', 'labels', 'parquet', 'lake'],
  dataset: ['domain', 'features', 'labels', 'parquet', 'lake'],
  adapters: ['domain', 'features', 'labels', 'parquet', 'exchange', 'lake', 'query'],
  workflow: ['domain'],
  infra: ['domain', 'features', 'labels', 'exchange', 'lake', 'query', 'adapters', 'workflow'],
  app: ['domain', 'features', 'labels', 'parquet', 'exchange', 'lake', 'query', 'dataset', 'adapters', 'workflow'],
};

/** Rooms that know nothing of the outside, not even its interfaces. */
const PURE = ['domain', 'features', 'labels'];

const roomRules = Object.entries(ROOMS).map(([room, below]) => {
  const open = `^lib/(${[room, ...below].join('|')})/`;
  return {
    name: `${room}-imports-only-rooms-below`,
    severity: 'error',
    from: { path: `^lib/${room}/` },
    to: {
      path: '^(lib|bin|lambdas|test|bench|scripts)/',
      pathNot: PURE.includes(room) ? open : `${open}|^lib/ports\\.ts$`,
    },
  };
});

/** A stage of the lake imports nothing of another stage; of its contract, types. */
const stageRules = LAKE_STAGES.flatMap((stage) => {
  const others = LAKE_STAGES.filter((other) => other !== stage).join('|');
  return [
    {
      name: `${stage}-imports-no-other-stage`,
      severity: 'error',
      from: { path: `^lib/lake/${stage}/` },
      to: { path: `^lib/lake/(${others}|as-of|audit)/`, pathNot: '/contract\\.ts$' },
    },
    {
      name: `${stage}-imports-types-only-of-other-contracts`,
      severity: 'error',
      from: { path: `^lib/lake/${stage}/` },
      to: { path: `^lib/lake/(${others})/contract\\.ts$`, dependencyTypesNot: ['type-only'] },
    },
  ];
});

/** A Lambda imports its own stage and no other. The audit runs stages, so its Lambda does too. */
const lambdaRules = LAKE_STAGES.map((stage) => ({
  name: `lambda-${stage}-imports-its-own-stage`,
  severity: 'error',
  from: { path: `^lambdas/${stage}\\.ts$` },
  to: { path: `^lib/(lake/(${LAKE_STAGES.filter((other) => other !== stage).join('|')}|audit)|workflow|infra)/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'lake-below-stages',
      comment: 'What the lake stores is below the stages that read and write it.',
      severity: 'error',
      from: { path: '^lib/lake/(manifest|landing|ledger|versions)/' },
      to: { path: `^lib/lake/(${LAKE_STAGES.join('|')}|as-of|audit)/` },
    },
    {
      name: 'nothing-imports-bin-or-lambdas-or-tests',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(bin|lambdas|test|bench|scripts)/' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { path: '^(lib|lambdas)/', pathNot: '^lib/cli/' },
      to: { path: '^lib/cli/' },
    },
    {
      name: 'only-infra-imports-cdk',
      severity: 'error',
      from: { path: '^(lib|bin|lambdas)/', pathNot: '^(lib/infra/|bin/app\\.ts$)' },
      to: { path: '^node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'only-adapters-import-the-outside',
      comment: 'The AWS SDK and DuckDB are behind ports.',
      severity: 'error',
      from: { path: '^(lib|lambdas)/', pathNot: '^lib/adapters/' },
      to: { path: '^node_modules/(@aws-sdk|@duckdb)/' },
    },
    {
      name: 'only-parquet-knows-parquet',
      comment: 'One writer and one reader of Parquet and Arrow.',
      severity: 'error',
      from: { path: '^(lib|lambdas)/', pathNot: '^lib/parquet/' },
      to: { path: '^node_modules/(apache-arrow|parquet-wasm|hyparquet|hyparquet-compressors)/' },
    },
    {
      name: 'only-the-edges-read-files',
      severity: 'error',
      from: { path: '^(lib|lambdas)/', pathNot: '^lib/(adapters|app|cli|exchange/simulated)/' },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'core-is-pure',
      comment:
        'No network, process or threads in the core; randomUUID, the clock and the environment come through ports.',
      severity: 'error',
      from: {
        path: '^lib/(domain|features|labels|parquet|exchange|lake|query|dataset)/',
        pathNot: '^lib/exchange/simulated/',
      },
      to: { path: '^(node:)?(http|https|net|tls|child_process|worker_threads|os|process|timers(/promises)?)$' },
    },
    {
      name: 'only-the-app-simulates',
      comment: 'The simulated exchange is a server. Only what starts runs starts it.',
      severity: 'error',
      from: { path: '^(lib|lambdas)/', pathNot: '^lib/(app|exchange/simulated)/' },
      to: { path: '^lib/exchange/simulated/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...roomRules,
    ...stageRules,
    ...lambdaRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'require', 'types'] },
  },
};
