import { defineConfig } from 'vitest/config'

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
      kills: Number(process.env['PARLEY_TEST_KILLS'] ?? 4),
    },
    globalSetup: ['apps/server/testing/global-setup.ts'],
    // Conditions are waited for on machines that are busy.
    expect: { poll: { timeout: 20_000 } },
    // Most of a test is waiting for the server that it started: more files at once than cores.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
})
