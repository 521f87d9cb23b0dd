import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { patience } from '../../vitest.config.ts'

/** The hostile functions alone: they need no database. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  test: { include: ['e2e/hostile/*.test.ts'], ...patience },
})
