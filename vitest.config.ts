import { defineConfig } from 'vitest/config'
import { FlakyReporter } from './scripts/flaky-reporter.ts'

/** What waits ends with its condition: these only end what hangs, on machines of any speed. */
export const patience = {
  expect: { poll: { timeout: 120_000 } },
  testTimeout: 300_000,
  hookTimeout: 300_000,
}

export default defineConfig({
  test: {
    include: [
      'apps/*/src/**/*.test.{ts,tsx}',
      'apps/server/testing/*.test.ts',
      'packages/*/src/**/*.test.{ts,tsx}',
      'e2e/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    provide: {
      frames: Number(process.env['PARLEY_TEST_FRAMES'] ?? 20_000),
      streams: Number(process.env['PARLEY_TEST_STREAMS'] ?? 20_000),
      kills: Number(process.env['PARLEY_TEST_KILLS'] ?? 4),
    },
    reporters: ['default', new FlakyReporter()],
    globalSetup: ['apps/server/testing/global-setup.ts'],
    // Most of a test is waiting for the server that it started: more files at once than cores.
    maxWorkers: 3,
    // No module keeps anything of a server: files share their modules, and each opens a server of its own.
    isolate: false,
    ...patience,
  },
})
