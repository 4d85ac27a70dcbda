/** Who may import whom. The words of the layout are explained in docs/architecture.md. */

const azureCore = ['@azure/core-auth', '@azure/core-rest-pipeline']
const command = ['cli/command', 'cli/place', 'cli/terminal', 'commander', 'node']

/**
 * Every room, and what its modules may import besides each other: other rooms with what is below them, packages, and
 * `node` for the modules of Node. A room below another is a room of its own.
 */
const rooms = {
  'shared/domain': [],
  'shared/policy': ['shared/domain'],
  'shared/request': ['shared/domain'],
  'shared/ports': ['shared/domain'],
  'shared/review': ['shared/domain', 'shared/policy', 'shared/request', 'shared/ports'],
  'shared/decide': ['shared/domain', 'shared/request', 'shared/ports', 'shared/review', 'node'],
  'shared/cases': ['shared/domain'],
  'shared/notify': ['shared/domain', 'shared/cases', 'shared/ports'],
  'shared/what-if': ['shared/domain', 'shared/policy'],
  'shared/lint': ['shared/domain'],
  'shared/located-text': ['shared/domain', 'yaml', 'node'],
  'shared/allow-list/rule': ['shared/domain', 'zod', 'node'],
  'shared/allow-list/routing': ['shared/domain', 'shared/allow-list/rule', 'zod'],
  'shared/allow-list/file': [
    ...['shared/domain', 'shared/located-text', 'shared/allow-list/rule', 'shared/allow-list/routing'],
    ...['zod', 'node'],
  ],
  'shared/allow-list/table': [
    ...['shared/domain', 'shared/storage', 'shared/allow-list/rule', 'shared/allow-list/routing'],
    ...['@azure/data-tables', 'zod', 'node'],
  ],
  'shared/allow-list/change': [
    ...['shared/domain', 'shared/storage', 'shared/allow-list/rule', 'shared/allow-list/routing'],
    ...['shared/allow-list/table', 'shared/ports'],
    ...['@azure/data-tables', 'zod', 'node'],
  ],
  'shared/remember': [
    ...['shared/domain', 'shared/policy', 'shared/ports', 'shared/what-if', 'shared/allow-list/rule'],
  ],
  'shared/ledger': ['shared/domain', 'shared/ports', 'shared/storage', '@azure/data-tables', 'zod', 'node'],
  'shared/storage': ['@azure/core-auth', '@azure/data-tables', '@azure/storage-queue', 'node'],
  'shared/private-link': ['shared/domain', 'shared/ports', ...azureCore, 'zod'],
  'shared/private-link/arm': ['shared/domain', ...azureCore, 'zod', 'node'],
  'shared/private-link/resource-types': ['shared/domain'],
  'shared/private-link/connections': [
    ...['shared/domain', 'shared/ports', 'shared/private-link/arm', 'shared/private-link/resource-types'],
    'zod',
  ],
  'shared/private-link/requesters': [
    ...['shared/domain', 'shared/ports', 'shared/private-link/arm'],
    ...['@azure/arm-network', ...azureCore, 'zod'],
  ],
  'shared/private-link/proof': [
    ...['shared/domain', 'shared/ports', 'shared/private-link/arm', 'shared/private-link/requesters'],
    ...['shared/private-link/resource-types', 'zod', 'node'],
  ],
  'shared/private-link/askers': [
    ...['shared/domain', 'shared/ports', 'shared/private-link/arm', 'shared/private-link/connections'],
    ...['shared/private-link/requesters', 'zod'],
  ],
  'shared/private-link/searches': [
    ...['shared/domain', 'shared/ports', 'shared/private-link/arm', 'shared/private-link/connections'],
    'shared/private-link/resource-types',
  ],
  'shared/queue': ['shared/ports', '@azure/storage-queue', 'zod'],
  'shared/events': ['shared/domain', 'shared/private-link/resource-types', '@azure/eventgrid'],
  'shared/channels': [
    ...['shared/domain', 'shared/ports', 'shared/channels/email', 'shared/channels/http'],
    ...['shared/channels/log', 'shared/channels/teams', 'shared/channels/webhook', '@azure/core-auth'],
  ],
  'shared/channels/text': ['shared/domain'],
  'shared/channels/http': ['shared/domain', 'shared/ports', 'ipaddr.js', 'node'],
  'shared/channels/log': ['shared/domain', 'shared/ports'],
  'shared/channels/teams': [
    ...['shared/domain', 'shared/ports', 'shared/channels/text', 'shared/channels/http'],
    'node',
  ],
  'shared/channels/email': [
    ...['shared/domain', 'shared/ports', 'shared/channels/text', 'shared/channels/http'],
    ...['@azure/communication-email', '@azure/core-auth', 'hono', 'nodemailer', 'node'],
  ],
  'shared/channels/webhook': [
    ...['shared/domain', 'shared/ports', 'shared/channels/text', 'shared/channels/http'],
    ...['standardwebhooks', 'node'],
  ],
  'shared/config': ['shared/domain', 'shared/storage', '@azure/identity', 'zod'],
  'shared/http': ['shared/domain', 'shared/ports', 'hono', 'node'],
  'shared/links': ['shared/ports', 'node'],
  'shared/links/storage': [
    ...['shared/links/keys.ts', 'shared/links/ports.ts', 'shared/links/token.ts', 'shared/storage', 'zod'],
  ],
  'shared/pages': [
    ...['shared/domain', 'shared/ports', 'shared/http', 'shared/channels/text', 'shared/links/token.ts'],
    ...['shared/decide', 'shared/private-link/resource-types', 'hono'],
  ],
  'shared/sign-in': ['shared/domain', 'shared/http', 'shared/ports', 'hono', 'zod', 'node'],
  'shared/sign-in/tenant': [
    ...['shared/http', 'shared/ports', 'shared/sign-in/ports.ts', 'shared/sign-in/token-claims.ts'],
    ...['@azure/core-auth', 'jose', 'openid-client', 'zod'],
  ],
  'shared/sign-in/storage': [
    ...['shared/domain', 'shared/storage', 'shared/sign-in/ports.ts', '@azure/data-tables', 'zod'],
  ],
  'shared/telemetry': ['shared/domain', 'shared/ports', 'node'],
  'cli/terminal': ['shared/domain', 'shared/located-text', 'node'],
  'cli/place': [
    ...['cli/terminal', 'shared/allow-list/change', 'shared/config', 'shared/domain', 'shared/ledger'],
    ...['shared/private-link', 'shared/storage', 'shared/telemetry', 'commander', 'node'],
    ...['@azure/data-tables', '@azure/identity', '@azure/storage-queue'],
  ],
  'cli/command': ['cli/place', 'cli/terminal', 'shared/domain', 'commander', 'node'],
  'cli/allow-list': [
    ...command,
    ...['shared/allow-list', 'shared/config', 'shared/domain', 'shared/lint', 'yaml'],
  ],
  'cli/what-if': [
    ...[...command, 'cli/allow-list', 'cli-table3', 'shared/domain', 'shared/ledger', 'shared/located-text'],
    ...['shared/policy', 'shared/storage', 'shared/what-if'],
  ],
  'cli/approvals': [
    ...[...command, 'cli/allow-list', 'shared/allow-list/file', 'shared/allow-list/routing'],
    ...['shared/domain', 'shared/policy'],
    ...['shared/ports', 'shared/private-link', 'shared/review', 'shared/storage', 'shared/what-if'],
  ],
  'cli/notifications': [...command, 'cli-table3', 'shared/domain', 'shared/ledger', 'shared/storage'],
  'cli/decisions': [...command, 'cli-table3', 'shared/domain', 'shared/storage'],
  'cli/links': [...command, 'shared/links', 'shared/storage'],
  'cli/sessions': [...command, 'cli-table3', 'shared/domain', 'shared/sign-in', 'shared/storage'],
  'cli/doctor': [
    ...[...command, 'cli/allow-list', 'shared/config', 'shared/domain', 'shared/lint', 'shared/private-link'],
    ...['shared/queue', 'shared/storage', 'zod'],
  ],
  build: ['esbuild', 'node'],
  scripts: [
    ...[
      'build',
      'local',
      'cli/terminal',
      'shared/domain',
      'shared/private-link/resource-types',
      'shared/request',
    ],
    ...['cli-table3', 'dependency-cruiser', 'typescript', 'node'],
  ],
  'local/functions-host': ['@azure/storage-blob', '@azure/storage-queue', 'cron-parser', 'node'],
  'local/azure': [
    'local/arguments.ts',
    'local/ports.ts',
    'local/running.ts',
    'hono',
    'jose',
    'oidc-provider',
    'selfsigned',
    'zod',
    'node',
  ],
  'local/inbox': [
    ...['local/azure/http', 'local/azure/certificate.ts', 'local/azure/timers.ts'],
    ...['local/azure/control/faults.ts', 'local/azure/control/requests.ts', 'local/azure/identity/tokens.ts'],
    ...['adaptivecards', 'hono', 'mailparser', 'smtp-server', 'standardwebhooks', 'zod', 'node'],
  ],
}

function roomRule([room, allowed]) {
  const below = Object.keys(rooms).filter((other) => other.startsWith(`${room}/`))
  return {
    name: room,
    comment: 'What a room may import stands in the table at the top of .dependency-cruiser.cjs.',
    severity: 'error',
    from: { path: pathOf(room), ...(below.length > 0 && { pathNot: below.map(pathOf) }) },
    to: {
      pathNot: [room, ...allowed.filter((name) => name !== 'node')].map(pathOf),
      ...(allowed.includes('node') && { dependencyTypesNot: ['core'] }),
    },
  }
}

/** As a regular expression. */
function pathOf(name) {
  if (name.endsWith('.ts')) return `^${name.replaceAll('.', '\\.')}$`
  return /^(build|cli|local|scripts|shared)(\/|$)/.test(name) ? `^${name}/` : `^node_modules/${name}/`
}

/** Modules directly in shared, which no room covers. */
const besideApp = { path: '^shared/[^/]+$', pathNot: '^shared/app\\.ts$' }

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Not even of types: what two modules need belongs to a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(rooms).map(roomRule),
    {
      name: 'functions-are-thin',
      severity: 'error',
      from: { path: '^functions/' },
      to: {
        pathNot: [
          '^functions/',
          '^shared/(app\\.ts$|sign-in/pages\\.ts$|(http|config|telemetry|events|queue)/)',
          '^node_modules/@azure/(functions|eventgrid)/',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'sign-in-knows-ports-only',
      comment: 'Its use cases; the adapters are below them.',
      severity: 'error',
      from: { path: '^shared/sign-in/[^/]+$' },
      to: { path: '^shared/sign-in/(storage|tenant)/' },
    },
    {
      name: 'nothing-imports-functions',
      severity: 'error',
      from: { pathNot: '^(functions|test)/' },
      to: { path: '^functions/' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { pathNot: '^(cli|test|local|scripts)/' },
      to: { path: '^cli/' },
    },
    {
      name: 'one-composition-root',
      comment: 'Only shared/app.ts puts adapters together.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/app\\.ts$' },
      to: { path: '^shared/app\\.ts$' },
    },
    {
      name: 'nothing-lies-beside-the-composition-root',
      comment: 'Every other module of shared belongs to a room.',
      severity: 'error',
      from: besideApp,
      to: {},
    },
    {
      name: 'nothing-is-imported-from-beside-the-composition-root',
      severity: 'error',
      from: {},
      to: besideApp,
    },
    {
      name: 'the-product-does-not-know-its-simulation',
      severity: 'error',
      from: { path: '^(functions|shared|cli)/' },
      to: { path: '^(build|local|scripts|test|bench)/' },
    },
    {
      name: 'local-does-not-know-scripts',
      comment: 'Scripts use what runs locally, never the other way round.',
      severity: 'error',
      from: { path: '^(build|local)/' },
      to: { path: '^(scripts|test|bench)/' },
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
