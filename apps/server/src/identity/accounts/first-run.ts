import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import {
  addApiKey,
  addClient,
  hashPassword,
  newKeyValues,
  recordAudit,
} from '#identity/credentials'
import type { Db } from '#base/store'
import { insertSkill, takeId } from './directory-repository.ts'
import type { AccountsRoom } from './room.ts'
import { addUser } from './users.ts'

/** What the environment gives; the rest is made. */
export interface FirstRunSettings {
  accountId: string
  adminUser: string | undefined
  adminPassword: string | undefined
  agentUser: string | undefined
  agentPassword: string | undefined
  clientId: string | undefined
  clientSecret: string | undefined
  skillIds: readonly string[]
  apiKey:
    | { appKey: string; secret: string; accessToken: string; accessTokenSecret: string }
    | undefined
}

const UserPassword = z.object({ user: z.string(), password: z.string() })

export const FirstRun = z.object({
  accountId: z.string(),
  admin: UserPassword,
  agents: z.tuple([UserPassword, UserPassword]),
  skillIds: z.array(z.string()),
  client: z.object({ id: z.string(), secret: z.string() }),
  apiKey: z.object({
    appKey: z.string(),
    secret: z.string(),
    accessToken: z.string(),
    accessTokenSecret: z.string(),
  }),
})
/** How to get into the account that the first start has made. */
export type FirstRun = z.infer<typeof FirstRun>

const LOCK = 1_347_572_813

/**
 * Makes the demo account when the installation has none. Returns its credentials then, and nothing at later starts.
 * They are on disk before they are in the database: a start that is cut off loses none.
 */
export async function ensureFirstRun(
  room: AccountsRoom,
  dataDir: string,
  settings: FirstRunSettings,
): Promise<FirstRun | undefined> {
  if (await hasAccount(room.store.db)) return undefined
  const made = await room.store.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
    // Another node was faster.
    if (await hasAccount(tx)) return undefined
    const path = join(dataDir, 'first-run.json')
    const credentials = (await readFirstRun(path)) ?? makeCredentials(room, settings)
    await keep(path, credentials)
    await createAccount(room, tx, credentials)
    return credentials
  })
  if (made) room.directory.changed(made.accountId)
  return made
}

async function hasAccount(db: Db): Promise<boolean> {
  const found = await db.selectFrom('account').select('accountId').limit(1).execute()
  return found.length > 0
}

async function readFirstRun(path: string): Promise<FirstRun | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : FirstRun.parse(JSON.parse(text))
}

async function keep(path: string, credentials: FirstRun): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true })
  const draft = `${path}.new`
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(draft, path)
}

export function makeCredentials(
  room: Pick<AccountsRoom, 'ids'>,
  settings: FirstRunSettings,
): FirstRun {
  const { ids } = room
  const agent = settings.agentUser ?? 'agent'
  const agentPassword = settings.agentPassword ?? ids.token(12)
  return {
    accountId: settings.accountId,
    admin: {
      user: settings.adminUser ?? 'admin',
      password: settings.adminPassword ?? ids.token(12),
    },
    agents: [
      { user: agent, password: agentPassword },
      { user: agent.replace(/(?=@|$)/, '2'), password: agentPassword },
    ],
    skillIds: [...settings.skillIds],
    client: { id: settings.clientId ?? ids.uuid(), secret: settings.clientSecret ?? ids.token(24) },
    apiKey: settings.apiKey ?? newKeyValues(room),
  }
}

/** An account with everything that a first start has: for the first one, and for tests that need another. */
export async function createAccount(
  room: Pick<AccountsRoom, 'box' | 'clock' | 'ids'>,
  tx: Db,
  { accountId, admin, agents, skillIds, client, apiKey }: FirstRun,
): Promise<void> {
  const actor = 'system'
  const createdAt = new Date(room.clock.now())
  await tx.insertInto('account').values({ accountId, createdAt }).execute()
  for (const [index, skillId] of skillIds.entries()) {
    const name = DEMO_SKILLS[index] ?? `Skill ${skillId}`
    await insertSkill(tx, { accountId, skillId, name, description: '', createdAt })
  }
  const people = [
    { ...admin, role: 'administrator' as const, nickname: 'Administrator' },
    ...agents.map((agent, index) => ({
      ...agent,
      role: 'agent' as const,
      nickname: `Agent ${index + 1}`,
      profiles: ['FaaS-Invocation' as const],
      skillIds: [...skillIds],
    })),
  ]
  const hashes = await hashEach(people.map(({ password }) => password))
  for (const { user, password, ...person } of people) {
    const userId = await takeId(tx, accountId, 'nextUserId')
    const passwordHash = hashes.get(password) ?? null
    await addUser(room, tx, accountId, { ...person, loginName: user, userId, passwordHash })
  }
  const scopes = ['faas.lambda.invoke', 'msg.consumer', 'account.read', 'conversation.read']
  await addClient(room, tx, accountId, actor, {
    name: 'Demo application',
    scopes,
    clientId: client.id,
    clientSecret: client.secret,
  })
  await addApiKey(room, tx, accountId, actor, { name: 'Demo key', values: apiKey })
  await recordAudit(room, tx, accountId, {
    actor,
    action: 'account.created',
    object: `account:${accountId}`,
  })
}

const DEMO_SKILLS = ['Sales', 'Support']

/** Each password once: a hash is meant to be slow. */
async function hashEach(passwords: readonly string[]): Promise<Map<string, string>> {
  const different = [...new Set(passwords)]
  const hashes = await Promise.all(different.map(hashPassword))
  return new Map(different.map((password, index) => [password, hashes[index] ?? '']))
}
