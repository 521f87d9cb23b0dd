import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What each command says of a mistake of its caller, before it has asked any server.

const BIN = join(import.meta.dirname, '../bin/parley.js')

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-wrong-'))
  mkdirSync(join(home, 'broken', 'parley'), { recursive: true })
  writeFileSync(join(home, 'broken', 'parley', 'login.json'), '{"url": ')
  mkdirSync(join(home, 'tls'))
  writeFileSync(join(home, 'tls', 'vendor-ca.pem'), '')
  writeFileSync(join(home, 'first-run.json'), '{"accountId": ')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

async function errorOf(words: string[], env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [BIN, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, INIT_CWD: home, ...env },
  })
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect(code).toBe(1)
  return said
}

const LOGGED_IN = { PARLEY_ADMIN_USER: 'a', PARLEY_ADMIN_PASSWORD: 'b', PARLEY_AGENT_USER: 'c' }
const AS_ADMIN = { ...LOGGED_IN, PARLEY_AGENT_PASSWORD: 'd' }

test.each<[words: string[], says: RegExp, env?: Record<string, string>]>([
  [['logs', '--url', 'nonsense'], /--url.*address of the server, such as http:\/\/127/],
  [['login', '--url', 'localhost:4800'], /--url.*address of the server, such as http:\/\/127/],
  [['accounts', 'list', '--url', 'ftp://x'], /--url.*address of the server, such as http/],
  [['demo', '--url', ''], /--url.*address of the server, such as http/],
  [['logs'], /PARLEY_PORT=abc: must be a port.*1/, { ...AS_ADMIN, PARLEY_PORT: 'abc' }],
  [['login', '--user', 'a'], /PARLEY_PORT=0: must be a port.*1 to 65535/, { PARLEY_PORT: '0' }],
  [
    ['accounts', 'list'],
    /PARLEY_PORT=0: must be a port.*1 to 65535/,
    { PARLEY_PORT: '0', PARLEY_OPERATOR_KEY: 'key' },
  ],
  [['logs', '--level', 'Loud'], /--level.*'Loud' is invalid.*Info, Warn, Error/],
  [['logs', '--limit', 'many'], /--limit.*'many' is invalid.*whole number/],
  [['invocations', '--outcome', 'BAD'], /--outcome.*'BAD' is invalid.*SUCCEEDED/],
  [['invocations', '--limit', '0'], /--limit.*'0' is invalid.*whole number/],
  [['with', '--port', 'x', '--', 'true'], /--port.*'x' is invalid.*1 to 65535/],
  [
    ['with', '--data', '.', '--', 'true'],
    /PARLEY_PORT=abc: must be a port.*1 to 65535/,
    { PARLEY_PORT: 'abc' },
  ],
  [
    ['with', '--data', '.', '--', 'true'],
    /PARLEY_TLS_PORT=99999: must be a port.*1 to 65535/,
    { PARLEY_TLS_PORT: '99999' },
  ],
  [
    ['with', '--data', '.', '--', 'no-such-program'],
    /There is no program "no-such-program": check/,
  ],
  [['bot', 'check', 'absent.json'], /There is no file \S+absent\.json: check its name/],
  [['logs'], /Cannot use \S+login\.json: log in again/, { XDG_CONFIG_HOME: 'BROKEN' }],
  [['logs', '--data', '.'], /Cannot use \S+first-run\.json: it is not JSON/],
])('parley %j says what is wrong and what to do', async (words, says, env = {}) => {
  const given = env['XDG_CONFIG_HOME'] ? { XDG_CONFIG_HOME: join(home, 'broken') } : env
  const said = await errorOf(words, given)
  expect(said).toMatch(says)
  expect(said).not.toMatch(/Invalid URL|ENOENT|query\./)
})
