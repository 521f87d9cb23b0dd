import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The hostile functions alone: they need no database. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  test: { include: ['e2e/hostile/*.test.ts'], testTimeout: 60_000, hookTimeout: 90_000 },
})
