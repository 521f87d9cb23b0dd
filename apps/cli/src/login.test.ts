import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../server/testing/free-port.ts'
import { startTestServer } from '../../server/testing/index.ts'
import { commandLineOf } from './command-line.fixture.ts'

test('parley logout ends the session at the server, and forgets it also where that cannot be reached', async () => {
  await using server = await startTestServer({ clock: 'system' })
  const { url, accountId, admin } = server
  const home = mkdtempSync(join(tmpdir(), 'parley-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const { parley } = commandLineOf(home)
  const kept = join(home, 'config/parley/login.json')
  const logIn = async () => {
    const words = ['login', '--url', url, '--account', accountId, '--user', admin.user]
    expect(await parley(words, `${admin.password}\n`)).toMatchObject({ code: 0 })
    return JSON.parse(readFileSync(kept, 'utf8')) as { bearer: string }
  }
  const status = async ({ bearer }: { bearer: string }) =>
    (await server.request('GET', `/api/v1/accounts/${accountId}/caller`, { bearer })).status

  const session = await logIn()
  expect(await status(session)).toBe(200)
  expect(await parley(['logout'])).toMatchObject({ code: 0, stdout: 'Logged out\n' })
  expect([await status(session), existsSync(kept)]).toEqual([401, false])
  expect(await parley(['logout'])).toMatchObject({ code: 0, stdout: 'Logged out\n' })

  const unreachable = { ...(await logIn()), url: `http://127.0.0.1:${await freePort()}` }
  writeFileSync(kept, JSON.stringify(unreachable))
  expect(await parley(['logout'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${unreachable.url} could not end it`),
  })
  expect(existsSync(kept)).toBe(false)
})

test('where the file of the first start was removed, a command says to log in', async () => {
  const home = mkdtempSync(join(tmpdir(), 'parley-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const { parley } = commandLineOf(home)
  const env = { PARLEY_DATA: home, PARLEY_ADMIN_USER: '' }
  const file = join(home, 'first-run.json')

  expect(await parley(['functions'], '', env)).toMatchObject({
    code: 1,
    stderr: `Cannot read ${file}: start Parley in this folder first, or log in with parley login\n`,
  })
  // The demo needs an agent, too, whom no log-in tells.
  expect((await parley(['demo'], '', env)).stderr).toContain('or give PARLEY_ADMIN_USER')
})
