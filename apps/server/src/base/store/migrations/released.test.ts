import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RELEASED } from './released.fixture.ts'

test.each(Object.entries(RELEASED))('the released migration %s is as it was', (file, hash) => {
  const path = join(import.meta.dirname, file)
  const found = existsSync(path)
    ? createHash('sha256').update(readFileSync(path)).digest('hex')
    : ''

  expect(
    found,
    `${file} has run in databases that exist: undo the edit and write a new migration instead`,
  ).toBe(hash)
})
