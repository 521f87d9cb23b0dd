import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const RUNNER = join(import.meta.dirname, 'side-by-side.ts')

test('commands run side by side, each says all at its end, and one that fails or hangs fails the whole', () => {
  const commands = ['echo first', 'echo second >&2; exit 3', 'echo third; sleep 1000 & wait']
  const args = [RUNNER, '--lanes', '2', '--minutes', '0.05', ...commands]
  const ran = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(ran.status).toBe(1)
  for (const [at, said] of ['first', 'second', 'third'].entries()) {
    expect(ran.stdout).toContain(`\n-- ${commands[at]}\n${said}\n`)
    expect(ran.stdout).toMatch(new RegExp(`^ +\\d+\\.\\d min  echo ${said}`, 'm'))
  }
  expect(ran.stdout).toContain(`\nsecond\n${commands[1]}: failed with 3\n`)
  expect(ran.stdout).toContain(`${commands[2]}: ended after 0.05 minutes, which is its limit`)
  expect(ran.stdout).not.toContain(`${commands[0]}: `)
})
