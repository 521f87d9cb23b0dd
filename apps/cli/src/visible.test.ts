import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lambdasOf, startTestServer } from '../../server/testing/index.ts'
import { commandLineOf } from './command-line.fixture.ts'

/** Clears the screen, names the window, and clears the screen once more by a sign of one character. */
const HOSTILE = 'a\u001B[2J\u001B]0;owned\u0007\u009B2Jb'
const SHOWN = String.raw`a\u001b[2J\u001b]0;owned\u0007\u009b2Jb`

test('what consumers write and functions log cannot speak to the terminal of whoever reads it', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const home = mkdtempSync(join(tmpdir(), 'parley-visible-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const { start, parley } = commandLineOf(home)
  const { url, accountId, admin } = server
  const words = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  expect(await parley(words, `${admin.password}\n`)).toMatchObject({ code: 0 })
  await lambdasOf(server).deployed(
    'const lambda = ({ payload }) => { console.info(payload.said, payload.said); throw new Error(payload.said) }',
    { name: 'echo' },
  )
  const watching = start(['tail'])
  onTestFinished(() => void watching.child.kill('SIGKILL'))
  await expect.poll(() => watching.ran.stderr).toContain('Watching')
  const file = join(home, 'said.json')
  writeFileSync(file, JSON.stringify({ said: HOSTILE }))

  const raised = await parley(['trigger', '--function', 'echo', '--payload', file])
  await expect.poll(() => watching.ran.stdout).toContain('echo: a')
  const logs = await parley(['logs', 'echo'])
  const ran = await parley(['invocations', 'echo'])
  const whole = await parley(['invocations', 'echo', '--json'])
  const refused = await parley(['logs', HOSTILE])

  for (const shown of [
    raised.stdout,
    watching.ran.stdout,
    logs.stdout,
    ran.stdout,
    refused.stderr,
  ]) {
    expect(shown).toContain(SHOWN)
  }
  const all = [raised, watching.ran, logs, ran, whole, refused].map(
    (one) => one.stdout + one.stderr,
  )
  expect(all.join('')).not.toMatch(/[\p{Cc}--[\t\n]]/v)
  expect(JSON.parse(whole.stdout)).toMatchObject([{ errorMessage: HOSTILE }])
})
