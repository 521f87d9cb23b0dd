import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { call, login, RequestError } from '@parley/client'
import { closeSession } from '@parley/contract'
import { Command } from 'commander'
import { serverUrl } from './connection.ts'
import { serverAddress } from './option-values.ts'
import { findSavedLogin, forgetLogin, saveLogin } from './session/saved-login.ts'
import { writeOut } from './visible.ts'

/** So long a server may take to end a session. */
const PATIENCE_MS = 10_000

interface LoginOptions {
  url?: string
  account: string
  user?: string
}

/** Keeps a session, so that the other commands need no password. */
export function loginCommand(): Command {
  const { env } = process
  return new Command('login')
    .description('log in to an account; the other commands then use this session')
    .option('--url <url>', 'address of the server (default: that of this machine)', serverAddress)
    .option('--account <id>', 'account', env['PARLEY_ACCOUNT'] || '12345678')
    .option('--user <name>', 'login name')
    .addHelpText(
      'after',
      `
The password is asked for, or read from standard input. It is not kept; the session is, for this user of the machine.

Examples:
  parley login --user admin
  parley login --url https://chat.example.com --account 12345678 --user admin < password.txt
`,
    )
    .action(async ({ url: named, account, user: given }: LoginOptions) => {
      const url = serverUrl(named)
      const { user, password } = await ask(given)
      const { bearer, userId } = await login({ url, accountId: account }, { user, password })
      const file = saveLogin({ url, accountId: account, user, bearer, userId })
      writeOut(`Logged in as ${user} to account ${account} at ${url}; kept in ${file}\n`)
    })
}

export function logoutCommand(): Command {
  return new Command('logout')
    .description('end the session of parley login, and forget it')
    .addHelpText('after', '\nExample:\n  parley logout\n')
    .action(async () => {
      try {
        await endSession()
      } finally {
        forgetLogin()
      }
      writeOut('Logged out\n')
    })
}

/** Whatever becomes of it, the session is forgotten. */
async function endSession(): Promise<void> {
  const saved = findSavedLogin()
  if (!saved) return
  try {
    await call(saved, closeSession, { signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (cause) {
    // It has ended before.
    if (cause instanceof RequestError && cause.status === 401) return
    throw new Error(
      `The session is forgotten here; ${saved.url} could not end it, so that it lasts until its time is over`,
      { cause },
    )
  }
}

/** At a terminal the password is not shown. */
async function ask(given: string | undefined): Promise<{ user: string; password: string }> {
  const { stdin, stderr } = process
  let isHidden = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) stderr.write(chunk)
      done()
    },
  })
  using questions = createInterface({ input: stdin, output, terminal: stdin.isTTY })
  const lines = questions[Symbol.asyncIterator]()
  const next = async (question: string) => {
    if (stdin.isTTY) stderr.write(question)
    const { value, done } = await lines.next()
    if (done) throw new Error(`${question.trim()} is missing on standard input`)
    return value
  }
  const user = given ?? (await next('Login name: '))
  isHidden = true
  const password = await next('Password: ')
  if (stdin.isTTY) stderr.write('\n')
  return { user, password }
}
