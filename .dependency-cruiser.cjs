/**
 * The directions of imports: domain ← features, labels ← stages ← workflow ← bin; and what may touch the outside.
 * test/architecture runs this.
 */
const STAGES = ['plan', 'fetch', 'refine', 'catalogue', 'query', 'dataset', 'audit'];
const CORE = '^lib/(domain|features|labels|plan|fetch|refine|catalogue|query|dataset|audit|versions)/';

/** A stage imports nothing of another stage; of its contract, types. */
const stageRules = STAGES.flatMap((stage) => {
  const others = STAGES.filter((other) => other !== stage).join('|');
  return [
    {
      name: `${stage}-imports-no-other-stage`,
      severity: 'error',
      from: { path: `^lib/${stage}/` },
      to: { path: `^lib/(${others})/`, pathNot: '/contract\\.ts$' },
    },
    {
      name: `${stage}-imports-types-only-of-other-contracts`,
      severity: 'error',
      from: { path: `^lib/${stage}/` },
      to: { path: `^lib/(${others})/contract\\.ts$`, dependencyTypesNot: ['type-only'] },
    },
  ];
});

/** A Lambda imports its own stage and no other. */
const lambdaRules = STAGES.filter((stage) => stage !== 'query' && stage !== 'dataset').map((stage) => ({
  name: `lambda-${stage}-imports-its-own-stage`,
  severity: 'error',
  from: { path: `^lambdas/${stage}\\.ts$` },
  to: { path: `^lib/(${STAGES.filter((other) => other !== stage).join('|')}|workflow|infra)/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-domain',
      severity: 'error',
      from: { path: '^lib/domain/' },
      to: { path: '^(lib|bin|lambdas)/', pathNot: '^lib/domain/' },
    },
    {
      name: 'features-import-domain',
      severity: 'error',
      from: { path: '^lib/features/' },
      to: { path: '^(lib|bin|lambdas)/', pathNot: '^lib/(domain|features)/' },
    },
    {
      name: 'labels-import-domain-and-features',
      severity: 'error',
      from: { path: '^lib/labels/' },
      to: { path: '^(lib|bin|lambdas)/', pathNot: '^lib/(domain|features|labels)/' },
    },
    {
      name: 'stages-import-no-adapter',
      comment: 'Stages reach the outside through lib/ports.ts.',
      severity: 'error',
      from: { path: CORE },
      to: { path: '^(lib/(adapters|workflow|infra|cli)|bin|lambdas)/' },
    },
    {
      name: 'workflow-imports-no-stage',
      comment: 'The local run knows states and tasks, not what they do.',
      severity: 'error',
      from: { path: '^lib/workflow/' },
      to: {
        path: '^(lib/(plan|fetch|refine|catalogue|query|dataset|audit|features|labels|adapters|infra|cli)|bin|lambdas)/',
      },
    },
    {
      name: 'adapters-import-no-workflow',
      severity: 'error',
      from: { path: '^lib/adapters/' },
      to: { path: '^(lib/(workflow|infra|cli)|bin|lambdas)/' },
    },
    {
      name: 'nothing-imports-bin-or-lambdas',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(bin|lambdas)/' },
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
      name: 'only-adapters-and-the-command-line-read-files',
      severity: 'error',
      from: { path: '^(lib|lambdas)/', pathNot: '^lib/(adapters|cli)/' },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'core-is-pure',
      comment:
        'No network, process or threads in the core; randomUUID, the clock and the environment come through ports.',
      severity: 'error',
      from: { path: CORE },
      to: { path: '^(node:)?(http|https|net|tls|child_process|worker_threads|os|process|timers(/promises)?)$' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'stages-import-no-versions',
      comment: 'What is done with the versions of shards stands above the stages that make and read them.',
      severity: 'error',
      from: { path: `^lib/(domain|features|labels|${STAGES.join('|')}|adapters|workflow|infra)/` },
      to: { path: '^lib/lake/versions/' },
    },
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
