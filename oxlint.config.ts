import { defineConfig, type OxlintOverride } from 'oxlint'

/** The rooms of apps/server/src, inner to outer. A room may enter the rooms of earlier lines, by their #door. */
export const floors = [
  ['kernel'],
  ['store', 'http', 'tls'],
  ['delivery', 'credentials', 'egress'],
  ['accounts', 'commands', 'conversation-rules', 'mail', 'sandbox', 'source'],
  ['surroundings'],
  ['functions', 'conversations', 'files', 'context-store'],
  ['records'],
  ['invocations', 'messaging-faces'],
  [
    'schedules',
    'controller-bot',
    'survey-bot',
    'bot-connector',
    'builder-bots',
    'chat',
    'transcripts',
    'privacy',
  ],
  ['wire-identity', 'wire-functions', 'wire-messaging', 'wire-history', 'pages', 'api'],
  ['testing'],
]

/** Doors between rooms of one floor. */
const sideDoors: Record<string, string[]> = { chat: ['transcripts'] }

const noParents = {
  regex: String.raw`^\.\./`,
  message: 'Inside a room import ./x.ts, enter others by their #door; never climb by ../',
}
const noSleep = {
  regex: '^(node:)?timers(/promises)?$',
  message: 'Time comes from the clock ports of #kernel',
}

const noBackDoor = {
  regex: '^#[^/]+/',
  message: 'A room is entered only by its index.ts, as #room',
}

type Rules = NonNullable<OxlintOverride['rules']>

function restrictImports(...patterns: { regex: string; message: string }[]): Rules {
  return { 'no-restricted-imports': ['error', { patterns }] }
}

function closedDoors(room: string, open: string[]) {
  const closed = floors.flat().filter((other) => !open.includes(other))
  return {
    regex: `^#(${closed.join('|')})$`,
    message: `${room} may not enter that room: see the table in oxlint.config.ts`,
  }
}

/** What a room may import. The door of a room itself counts as closed: it would be a cycle. */
const houseRules = floors.flatMap((floor, level) =>
  floor.map((room) => {
    const open = [...floors.slice(0, level).flat(), ...(sideDoors[room] ?? [])]
    return {
      files: [`apps/server/src/${room}/**`],
      excludeFiles: ['**/*.test.ts', '**/*.fixture.ts'],
      rules: restrictImports(noParents, noSleep, noBackDoor, closedDoors(room, open)),
    }
  }),
)

/** What only the clock ports may touch. */
const timeless: Rules = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
      name,
      message: 'Use `clock` for domain time and `monotonic` for machinery, both from #kernel',
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Use clock.now() from #kernel' },
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
      rules: { ...timeless, ...restrictImports(noParents, noSleep) },
    },
    {
      files: ['apps/server/src/*.ts'],
      rules: restrictImports(noParents, noSleep, {
        regex: String.raw`^\./.+/`,
        message: 'Enter a room by its #door',
      }),
    },
    ...houseRules,
    {
      files: ['packages/contract/src/**'],
      rules: restrictImports(noParents, {
        regex: '^(node:|#|@parley/)',
        message: 'The contract depends on zod only',
      }),
    },
    {
      files: ['apps/server/src/kernel/**'],
      rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
    },
    {
      files: ['apps/cli/**', 'bench/**', 'e2e/**', 'scripts/**', '**/main.ts', '**/*.config.ts'],
      rules: { 'node/no-process-env': 'off', 'no-console': 'off' },
    },
    {
      // In a test a wrong assertion is a failing test, and helpers may hold the expectations.
      files: ['**/*.test.ts', '**/*.fixture.ts', 'apps/server/src/testing/**', 'e2e/**'],
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
