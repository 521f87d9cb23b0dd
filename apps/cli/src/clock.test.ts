import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../server/testing/index.ts'

const BIN = join(import.meta.dirname, '../bin/parley.js')

let server: TestServer
let home: string
beforeAll(async () => {
  server = await startTestServer({ wallClock: 'system' })
  home = mkdtempSync(join(tmpdir(), 'parley-home-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

/** Its exit code, and what it says. */
function clock(words: string[], at = server): Promise<{ code: unknown; said: string }> {
  const { url, accountId, admin, agents } = at
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: join(home, 'config'),
    PARLEY_ACCOUNT: accountId,
    PARLEY_ADMIN_USER: admin.user,
    PARLEY_ADMIN_PASSWORD: admin.password,
    PARLEY_AGENT_USER: agents[0]?.user,
    PARLEY_AGENT_PASSWORD: agents[0]?.password,
  }
  return new Promise((resolve) => {
    const all = [BIN, 'clock', ...words, '--url', url]
    execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, said: stdout + stderr }),
    )
  })
}

test('parley clock says what the clock says, and moves it', async () => {
  const startedAt = server.clock.now()
  expect(await clock([])).toMatchObject({
    code: 0,
    said: expect.stringMatching(
      /^2026-01-05T10:00:00.000Z {2}standing, \d+d.* behind the system\n$/,
    ),
  })
  expect((await clock(['+1h30m'])).said).toContain('2026-01-05T11:30:00.000Z  standing')
  expect(server.clock.now()).toBe(startedAt + 90 * 60_000)
  expect((await clock(['to', '2026-01-06T09:00Z'])).said).toContain('2026-01-06T09:00:00.000Z')
  const { said } = await clock(['+1s', '--json'])
  expect(JSON.parse(said)).toMatchObject({ now: '2026-01-06T09:00:01.000Z', mode: 'standing' })
})

test.each([
  [['-30m'], /^-30m: a clock is never set back, because/],
  [['to', '2020-01-01T00:00Z'], /must not be before the clock, which says .* never set back/],
  [['to', 'tomorrow'], /^to tomorrow: must be followed by an instant/],
  [['+soon'], /^\+soon: must be \+<duration> such as 30m/],
  [['back'], /^back: must be \+<duration>/],
  [['next', '5'], /^5: only "to" is followed by something/],
  [['next'], /Nothing is due later in this account/],
  [['+400d'], /must be at most 366 days/],
])('%j is refused with the reason', async (words, reason) => {
  const before = server.clock.now()
  expect(await clock(words)).toMatchObject({ code: 1, said: expect.stringMatching(reason) })
  expect(server.clock.now()).toBe(before)
})

test('the clock of a server on the system clock cannot be moved, and the command says why', async () => {
  await using real = await startTestServer({ clock: 'system' })
  expect(await clock(['+1m'], real)).toMatchObject({
    code: 1,
    said: expect.stringContaining('start it with PARLEY_CLOCK=virtual'),
  })
})
