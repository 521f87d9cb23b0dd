import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { openAccounts } from '#identity/accounts'
import { openAudit } from '#identity/audit'
import { openCredentials } from '#identity/credentials'
import { openGrants } from '#identity/grants'
import { openPasswords } from '#identity/passwords'
import { openSettings } from '#identity/settings'
import { openLogger, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openStore } from '#base/store'

const SETTINGS = {
  accountId: '12345678',
  adminUser: 'root@example.org',
  adminPassword: undefined,
  agentUser: 'agent@example.org',
  agentPassword: undefined,
  clientId: undefined,
  clientSecret: undefined,
  skillIds: ['1001', '1002'],
  apiKey: undefined,
}
const SECRETS_KEY = 'ab'.repeat(32)

/** One installation: what stays when the server stops. */
async function installation() {
  const warnings: string[] = []
  const stack = new AsyncDisposableStack()
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-first-run-'))
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const database = stack.use(await cloneDatabase(inject('templateUrl')))
  const deps = {
    logger: Object.assign(openLogger('fatal'), {
      warn: (text: unknown) => void warnings.push(String(text)),
    }),
    clock: systemClock(),
    wallClock: systemClock(),
    ids: randomIds(),
    monotonic: systemMonotonic(),
  }
  const store = stack.use(await openStore(deps, { kind: 'given', url: database.url }))
  const audit = openAudit({ ...deps, store })
  const passwords = stack.use(openPasswords(deps))
  const start = async (secretsKey?: string) => {
    const settings = stack.use(openSettings({ ...deps, store, audit }))
    const base = { ...deps, store, audit, settings }
    const credentials = stack.use(
      await openCredentials({ ...base, egressPrivate: [] }, { dataDir, secretsKey }),
    )
    const grants = stack.use(openGrants({ ...base, credentials }))
    const given = { ...base, credentials, passwords, grants, dataDir }
    return { ...stack.use(openAccounts(given)), credentials }
  }
  return { dataDir, start, warnings, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

test('the first start makes an account that everybody can get into, later ones make nothing', async () => {
  await using installed = await installation()
  const accounts = await installed.start()

  const made = await accounts.ensureFirstRun(SETTINGS)
  if (!made) throw new Error('Nothing was made')
  const again = await (await installed.start()).ensureFirstRun({ ...SETTINGS, accountId: '2' })

  expect(again).toBeUndefined()
  expect(await accounts.listAccountIds()).toEqual(['12345678'])
  expect(made.agents.map(({ user }) => user)).toEqual(['agent@example.org', 'agent2@example.org'])
  for (const { user, password } of [made.admin, ...made.agents]) {
    const login = { loginName: user, proof: { password }, address: 'test' }
    const session = await accounts.logIn('12345678', login)
    expect(session.user.skillIds).toEqual(user === made.admin.user ? [] : ['1001', '1002'])
  }
  expect(new Set([made.admin, ...made.agents].map(({ password }) => password)).size).toBe(3)
  const client = { clientId: made.client.id, clientSecret: made.client.secret, scopes: [] }
  expect((await accounts.credentials.appTokens.issue('12345678', client))?.expiresInS).toBe(3600)
})

test('credentials are kept for their owner only, and before the account exists', async () => {
  await using installed = await installation()
  const accounts = await installed.start()
  const made = await accounts.ensureFirstRun(SETTINGS)
  const path = join(installed.dataDir, 'first-run.json')

  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(made)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(installed.dataDir, 'secrets.key')).mode & 0o777).toBe(0o600)
})

test('a first start that was cut off goes on with the credentials that it has kept, and says that the database is empty', async () => {
  await using before = await installation()
  const made = await (await before.start()).ensureFirstRun(SETTINGS)
  await using installed = await installation()
  writeFileSync(join(installed.dataDir, 'first-run.json'), JSON.stringify(made))

  expect(await (await installed.start()).ensureFirstRun(SETTINGS)).toEqual(made)

  const told = /first-run\.json is of an installation .* put its database in place of \S+postgres,/
  expect(installed.warnings).toContainEqual(expect.stringMatching(told))
  await (await installed.start()).ensureFirstRun(SETTINGS)
  expect(installed.warnings.filter((text) => told.test(text))).toHaveLength(1)
  expect(before.warnings).not.toContainEqual(expect.stringMatching(told))
})

test('a key of other data says that the database is empty, also where the file of the first start was removed', async () => {
  await using installed = await installation()
  const key = join(installed.dataDir, 'secrets.key')
  writeFileSync(key, `${SECRETS_KEY}\n`)

  await (await installed.start()).ensureFirstRun(SETTINGS)
  await (await installed.start()).ensureFirstRun(SETTINGS)

  const said = installed.warnings.filter((text) => text.includes('the database has none'))
  expect(said).toEqual([
    expect.stringContaining(`${key} is of an installation that had an account`),
  ])
})

test('a first start whose settings failed goes on with those that are given next', async () => {
  await using installed = await installation()
  const accounts = await installed.start()
  const wrong = { ...SETTINGS, adminUser: 'agent@example.org', skillIds: ['7', '8'] }
  await expect(accounts.ensureFirstRun(wrong)).rejects.toThrow('is taken')

  const made = await (await installed.start()).ensureFirstRun(SETTINGS)

  expect(made).toMatchObject({ admin: { user: 'root@example.org' }, skillIds: ['1001', '1002'] })
})

test('two nodes that start at once make one secrets key and one account', async () => {
  await using installed = await installation()
  const nodes = await Promise.all([installed.start(), installed.start()])

  const made = await Promise.all(nodes.map((node) => node.ensureFirstRun(SETTINGS)))

  expect(made.filter(Boolean)).toHaveLength(1)
  expect(readdirSync(installed.dataDir).toSorted()).toEqual(['first-run.json', 'secrets.key'])
  const sealed = nodes[0]!.credentials.secrets.seal('1', 'secret:key', 'tell nobody')
  expect(nodes[1]!.credentials.secrets.open('1', 'secret:key', sealed)).toBe('tell nobody')
})

test('data are not opened with another secrets key, or without the one that they were written with', async () => {
  await using installed = await installation()
  const path = join(installed.dataDir, 'secrets.key')
  await installed.start()

  await expect(installed.start(SECRETS_KEY)).rejects.toThrow(
    `Cannot start: the data were written with another secrets key than that of PARLEY_SECRETS_KEY; set it to theirs, or unset it where theirs is in ${path}`,
  )
  writeFileSync(path, `${'cd'.repeat(32)}\n`)
  await expect(installed.start()).rejects.toThrow(
    `another secrets key than that of ${path}; put the key there that was copied with them`,
  )
  writeFileSync(path, 'nonsense')
  await expect(installed.start()).rejects.toThrow(/64 hexadecimal digits; put the key there/)
  rmSync(path)
  await expect(installed.start()).rejects.toThrow(
    /^Cannot start: the secrets key of these data is missing/,
  )
})

test('tokens of consumers survive a restart', async () => {
  await using installed = await installation()
  const accounts = await installed.start(SECRETS_KEY)
  await accounts.ensureFirstRun(SETTINGS)
  const jwt = await accounts.credentials.consumerTokens.signUp('12345678')

  const restarted = await installed.start(SECRETS_KEY)

  expect(await restarted.credentials.consumerTokens.verify('12345678', jwt)).toEqual(
    await accounts.credentials.consumerTokens.verify('12345678', jwt),
  )
})

test('what is sealed opens for its account and purpose only', async () => {
  await using installed = await installation()
  const accounts = await installed.start()

  const sealed = accounts.credentials.secrets.seal('1', 'secret:key', 'tell nobody')

  expect(sealed).not.toContain('tell nobody')
  expect(sealed).not.toBe(accounts.credentials.secrets.seal('1', 'secret:key', 'tell nobody'))
  expect(accounts.credentials.secrets.open('1', 'secret:key', sealed)).toBe('tell nobody')
  expect(() => accounts.credentials.secrets.open('2', 'secret:key', sealed)).toThrow(
    'cannot be decrypted: it was sealed with another key',
  )
  expect(() => accounts.credentials.secrets.open('1', 'secret:other', sealed)).toThrow(
    'cannot be decrypted: it was sealed with another key',
  )
})

test('a first start on a database elsewhere says that the one in the data folder is left aside', async () => {
  await using installed = await installation()
  mkdirSync(join(installed.dataDir, 'postgres', 'cluster'), { recursive: true })

  await (await installed.start()).ensureFirstRun(SETTINGS)
  await (await installed.start()).ensureFirstRun(SETTINGS)

  const said = installed.warnings.filter((warning) => warning.includes('left aside'))
  expect(said).toEqual([
    expect.stringMatching(/a new, empty account is being made/),
    expect.stringMatching(/go on with it, and with the work that waited there, once more/),
  ])
})
