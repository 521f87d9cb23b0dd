import type { KnipConfig } from 'knip'

/** Tests and their fixtures are entries of their own; what only they use is still used. */
const tests = ['src/**/*.{test,fixture}.{ts,tsx}']

const config: KnipConfig = {
  workspaces: {
    '.': {
      entry: [
        'scripts/{prepare,complete-lock,newcomer-trial,structure-report}.{mjs,ts}',
        'scripts/*.test.ts',
        'bench/{run,write-results,inspector,load/*,targets/*}.ts',
        'e2e/{attack,clients,faults,fill,hostile,mail,smoke}/*.ts',
        'e2e/clients/children/*.cjs',
        'e2e/**/*.test.ts',
      ],
      project: ['scripts/**', 'bench/**/*.ts', 'e2e/**/*.ts'],
    },
    'apps/server': {
      entry: [
        'src/{start.mjs,launch.ts,main.ts}',
        'testing/{index,global-setup}.ts',
        // Imported as a whole, by what they are called.
        'src/base/store/migrations/*.ts',
        ...tests,
        'testing/*.test.ts',
      ],
      project: ['src/**/*.{ts,mjs}', 'testing/**/*.ts'],
    },
    'apps/cli': {
      entry: ['src/with/redirect.cjs', 'src/local-world/{launch-world,world}.ts', ...tests],
      project: ['src/**/*.{ts,cjs}', 'bin/*.js'],
    },
    'apps/console': { entry: 'src/*/main.tsx', project: 'src/**/*.{ts,tsx}' },
    'packages/toolbelt': {
      entry: ['src/harness/main.ts', 'src/harness/no-http2.ts', 'src/memory-process.ts'],
    },
    'packages/contract': { entry: tests },
  },
  ignoreExportsUsedInFile: true,
  // A module's entry may show types that no other module imports yet.
  exclude: ['types'],
  // Started by its path, and named by tsconfig.json for the console.
  ignoreDependencies: ['@google-cloud/functions-framework', 'preact'],
  ignoreBinaries: [
    'apt-get',
    'fallocate',
    'flock',
    'mkfifo',
    'mount',
    'openssl',
    'setpriv',
    'taskset',
    'umount',
    'unshare',
  ],
}

export default config
