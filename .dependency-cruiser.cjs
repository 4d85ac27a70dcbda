/** Who may import whom. The words of the layout are explained in docs/architecture.md. */
const sdk = '^node_modules/'

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A module may know the types of one that loads it.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^shared/domain/' },
      to: { pathNot: '^shared/domain/' },
    },
    {
      name: 'policy-is-pure',
      comment: 'Policy sees facts, rules and a clock reading: no client, no environment, no library.',
      severity: 'error',
      from: { path: '^shared/policy/' },
      to: { pathNot: '^shared/(policy|domain)/' },
    },
    {
      name: 'use-cases-know-ports-only',
      severity: 'error',
      from: { path: '^shared/review/' },
      to: { pathNot: '^shared/(review|ports|policy|domain)/|^node:' },
    },
    {
      name: 'delivery-knows-ports-only',
      severity: 'error',
      from: { path: '^shared/notify/' },
      to: { pathNot: '^shared/(notify|ports|domain)/' },
    },
    {
      name: 'channels-do-not-know-each-other',
      comment: 'A channel reaches people; what is sent, and when, is decided elsewhere.',
      severity: 'error',
      from: { path: '^shared/channels/([^/]+)/' },
      to: { path: '^shared/', pathNot: '^shared/channels/$1/|^shared/(ports|domain)/' },
    },
    {
      name: 'ports-know-words-only',
      severity: 'error',
      from: { path: '^shared/ports/' },
      to: { pathNot: '^shared/(ports|domain)/' },
    },
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      from: { path: '^shared/(private-link|allow-list|ledger)/' },
      to: { path: '^shared/(private-link|allow-list|ledger|policy/evaluate)', pathNot: '^shared/$1/' },
    },
    {
      name: 'storage-knows-no-use',
      severity: 'error',
      from: { path: '^shared/storage/' },
      to: {
        pathNot: '^shared/storage/|^node_modules/@azure/(data-tables|storage-queue|core-)',
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'what-if-asks-the-policy-only',
      comment: 'What rules would say of requests that are made up or recorded: no client, no environment.',
      severity: 'error',
      from: { path: '^shared/what-if/' },
      to: { pathNot: '^shared/(what-if|policy|domain)/' },
    },
    {
      name: 'linter-sees-rules-only',
      comment: 'It reads a rule as the policy does, and judges no request.',
      severity: 'error',
      from: { path: '^shared/lint/' },
      to: { pathNot: '^shared/(lint|domain)/' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { pathNot: '^(cli|test|local)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'nothing-imports-functions',
      severity: 'error',
      from: { pathNot: '^(functions|test)/' },
      to: { path: '^functions/' },
    },
    {
      name: 'functions-are-thin',
      severity: 'error',
      from: { path: '^functions/' },
      to: {
        pathNot:
          '^functions/|^shared/(app|review|notify|ports|http|domain|config|telemetry|events|queue)|^node_modules/@azure/(functions|eventgrid)|^@azure/functions|^node:',
      },
    },
    {
      name: 'one-composition-root',
      comment: 'Only shared/app.ts puts adapters together.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/app\\.ts$' },
      to: { path: '^shared/app\\.ts$' },
    },
    {
      name: 'the-product-does-not-know-its-simulation',
      severity: 'error',
      from: { path: '^(functions|shared|cli)/' },
      to: { path: '^(local|scripts|test|bench)/' },
    },
    {
      name: 'host-knows-no-product',
      comment: 'The local functions host runs any Node v4-model app.',
      severity: 'error',
      from: { path: '^local/functions-host/' },
      to: { pathNot: `^local/functions-host/|${sdk}|^node:|^[a-z]` },
    },
    {
      name: 'simulated-azure-knows-no-product',
      comment:
        'Were it made from the same tables and words as the product, it could not show the product wrong.',
      severity: 'error',
      from: { path: '^local/azure/' },
      to: { path: '^(functions|shared)/' },
    },
    {
      name: 'bundle-holds-runtime-dependencies-only',
      severity: 'error',
      from: { path: '^(functions|shared|cli)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'],
    },
  },
}
