import { defineConfig, type OxlintOverride } from 'oxlint'

/**
 * The areas of apps/server/src and their modules. A module may enter the modules of the areas of earlier rows, and the
 * modules before it in its own row. `apart` names the areas that never enter each other. An entry is `#area/module`.
 */
export const areas: Record<string, string[]> = {
  base: [
    'kernel',
    'bounds',
    'postgres',
    'store',
    'changes',
    'input',
    'lane',
    'http',
    'tls',
    'delivery',
    'kit',
  ],
  identity: [
    'audit',
    'settings',
    'sealing',
    'credential-uses',
    'credentials',
    'passwords',
    'grants',
    'accounts',
    'invitations',
    'authorization',
  ],
  faas: [
    'source',
    'egress',
    'sandbox',
    'inspector',
    'function-config',
    'functions',
    'records',
    'recordings',
    'logs',
    'metrics',
    'invocations',
    'replay',
    'replay-jobs',
    'saved-payloads',
    'schedules',
    'context-store',
    'local-run',
  ],
  messaging: ['rules', 'figures', 'reading', 'people', 'conversations', 'routing', 'files'],
  chat: ['mail', 'transcripts', 'live-chat', 'history'],
  bots: [
    'agent-commands',
    'controller-bot',
    'survey-bot',
    'bot-agents',
    'bot-messaging',
    'bot-chat',
    'connectors',
    'builder-dialog',
    'builder-file',
    'builder-talk',
    'builder-bots',
  ],
  wire: [
    'identity',
    'functions',
    'history',
    'messaging/format',
    'messaging/webhooks',
    'messaging/updates',
    'messaging/requests',
    'messaging/sockets',
  ],
  edge: ['api', 'conversations', 'board', 'updates', 'pages', 'console'],
  server: [
    'first-steps',
    'clock',
    'sample-function',
    'platform',
    'privacy',
    'reports',
    'operator',
    'context',
  ],
}

/** Areas that never enter each other: functions and conversations meet only in the bots. */
const apart: Record<string, string[]> = { messaging: ['faas'] }

/** Every module as `area/module`, in the order of the table. */
export const modules: string[] = Object.entries(areas).flatMap(([area, names]) =>
  names.map((name) => `${area}/${name}`),
)

const noParents = {
  regex: String.raw`^\.\./`,
  message: 'Inside a module import ./x.ts, enter others as #area/module; never climb by ../',
}
const noSleep = {
  regex: '^(node:)?timers(/promises)?$',
  message: 'Time comes from the clock ports of #base/kernel',
}

const noLookup = {
  regex: '^(node:)?dns(/promises)?$',
  message:
    'Names of customers are looked up by the resolver of #faas/egress, apart for each account',
}

const noIndexOfComponents = {
  regex: '^react-aria-components$',
  message:
    'Import react-aria-components/Button: what comes through the index loads with every page',
}

type Rules = NonNullable<OxlintOverride['rules']>

function restrictImports(...patterns: { regex: string; message: string }[]): Rules {
  return { 'no-restricted-imports': ['error', { patterns }] }
}

/** Whether `module` may import `other`: only what stands before it, and nothing of an area that is kept apart. */
export function mayEnter(module: string, other: string): boolean {
  if (modules.indexOf(other) >= modules.indexOf(module)) return false
  return !(apart[areaOf(module)] ?? []).includes(areaOf(other))
}

function areaOf(module: string): string {
  return module.split('/')[0] ?? module
}

/** What a module may import. A module's own entry counts as closed: it would be a circle. */
const moduleRules = modules.map((module) => {
  const closed = modules.filter((other) => !mayEnter(module, other))
  return {
    files: [`apps/server/src/${module}/**`],
    excludeFiles: ['**/*.test.ts', '**/*.fixture.ts'],
    rules: restrictImports(noParents, noSleep, ...(module === 'faas/egress' ? [] : [noLookup]), {
      regex: `^#(${closed.join('|')})$`,
      message: `${module} may not enter that module: see the table in oxlint.config.ts`,
    }),
  }
})

/** What only the clock ports may touch. */
const timeless: Rules = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
      name,
      message: 'Use `clock` for domain time and `monotonic` for machinery, both from #base/kernel',
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Use clock.now() from #base/kernel' },
  ],
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'node', 'promise', 'vitest'],
  categories: { correctness: 'error' },
  options: { denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: [
    'e2e/*/functions/**',
    'apps/cli/src/demo/*.js',
    'e2e/clients/children/**',
    '**/dist/**',
  ],
  rules: {
    eqeqeq: 'error',
    'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    'no-console': 'error',
    'no-empty': 'error',
    'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'node/no-process-env': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'typescript/unbound-method': 'off',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'vitest/no-disabled-tests': 'error',
    'vitest/no-focused-tests': 'error',
  },
  overrides: [
    {
      files: ['apps/server/src/**/*.ts', 'packages/*/src/**/*.ts'],
      excludeFiles: ['**/*.test.ts', 'packages/toolbelt/**'],
      rules: { ...timeless, ...restrictImports(noParents, noSleep, noLookup) },
    },
    {
      files: ['apps/server/src/*.ts'],
      rules: restrictImports(noParents, noSleep, {
        regex: String.raw`^\./.+/`,
        message: 'Enter a module as #area/module',
      }),
    },
    ...moduleRules,
    { files: ['apps/console/src/**'], rules: restrictImports(noIndexOfComponents) },
    {
      files: ['packages/contract/src/**'],
      // Its folders are lists of one package, not modules: their files may import those of the package.
      rules: restrictImports(noSleep, {
        regex: '^(node:|#|@parley/)',
        message: 'The contract depends on zod only',
      }),
    },
    {
      // The second runs in programs of others, where there is no clock of ours.
      files: ['apps/server/src/base/kernel/**', 'packages/client/src/functions.ts'],
      rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
    },
    {
      files: ['apps/cli/**', 'bench/**', 'e2e/**', 'scripts/**', '**/main.ts', '**/*.config.ts'],
      rules: { 'node/no-process-env': 'off', 'no-console': 'off' },
    },
    {
      // In a test a wrong assertion is a failing test, and helpers may hold the expectations.
      files: ['**/*.test.ts', '**/*.fixture.ts', 'apps/server/testing/**', 'e2e/**'],
      rules: {
        'no-restricted-globals': 'off',
        'typescript/no-implied-eval': 'off',
        'typescript/no-non-null-assertion': 'off',
        'vitest/expect-expect': 'off',
        'vitest/no-conditional-expect': 'off',
      },
    },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
})
