import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { firstLoginNames } from '@parley/contract'
import type { Db } from '#base/store'
import { type FirstRun, readFirstRun, writeFirstRun } from './first-run-file.ts'
import {
  hasAccount,
  insertAccount,
  insertSkill,
  lockFirstRun,
  takeId,
} from './directory-repository.ts'
import { firstSkills } from './make-account.ts'
import type { AccountsDeps } from './deps.ts'
import * as users from './users.ts'

/** What the environment gives; the rest is generated. */
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

/**
 * Makes the demo account when the installation has none. Returns its credentials then, and nothing at later starts.
 * They are written to disk before they are committed: a start that is cut off loses none.
 */
export async function ensureFirstRun(
  deps: AccountsDeps,
  settings: FirstRunSettings,
): Promise<FirstRun | undefined> {
  const own = join(deps.dataDir, 'postgres')
  const isLeft = !deps.store.isExclusive && existsSync(join(own, 'cluster'))
  if (await hasAccount(deps.store.db)) {
    if (isLeft) {
      deps.logger.warn(
        `${own} has a database of an earlier start, which is left aside, since DATABASE_URL names another one. A start without DATABASE_URL would go on with it, and with the work that waited there, once more: move the folder away`,
      )
    }
    return undefined
  }
  const made = await deps.store.transaction(async (tx) => {
    await lockFirstRun(tx)
    // Another node has made it meanwhile.
    if (await hasAccount(tx)) return undefined
    const path = join(deps.dataDir, 'first-run.json')
    const kept = await readFirstRun(path)
    // Operators are told to remove the file of the first start; the key stays.
    const former = kept ? path : deps.credentials.formerKey
    if (isLeft) {
      deps.logger.warn(
        `${own} has a database of an earlier start, which is left aside, since DATABASE_URL names another one: a new, empty account is being made there. To go on with the earlier one, stop Parley and start it without DATABASE_URL, or move it into an empty database first (docs/operations.md)`,
      )
    } else if (former !== undefined) {
      deps.logger.warn(
        `${former} is of an installation that had an account, and the database has none: a new, empty one is being made. After a first start that was cut off this is right. If this is a copy that was put back, stop Parley, put its database in place of ${own}, or let DATABASE_URL name it, and start again`,
      )
    }
    const credentials = makeCredentials(deps, settings, kept)
    await writeFirstRun(path, credentials)
    await insertAll(deps, tx, credentials)
    return credentials
  })
  if (made) deps.directory.changed(made.accountId)
  return made
}

/** One more account with everything that a first start makes. */
export async function createAccount(
  deps: AccountsDeps,
  settings: FirstRunSettings,
): Promise<FirstRun> {
  const made = makeCredentials(deps, settings)
  await deps.directory.change(made.accountId, (tx) => insertAll(deps, tx, made))
  return made
}

/** @param kept of a start that was cut off: from there comes what is generated, and nothing that a setting says */
function makeCredentials(
  { ids, credentials }: AccountsDeps,
  settings: FirstRunSettings,
  kept?: FirstRun,
): FirstRun {
  const { adminUser, agentUsers } = firstLoginNames(settings.adminUser, settings.agentUser)
  const [agent, second] = agentUsers
  const keptOf = (index: 0 | 1) => kept?.agents[index].password ?? ids.token(12)
  return {
    accountId: settings.accountId,
    admin: {
      user: adminUser,
      password: settings.adminPassword ?? kept?.admin.password ?? ids.token(12),
    },
    agents: [
      { user: agent, password: settings.agentPassword ?? keptOf(0) },
      { user: second, password: keptOf(1) },
    ],
    skillIds: [...settings.skillIds],
    client: {
      id: settings.clientId ?? kept?.client.id ?? ids.uuid(),
      secret: settings.clientSecret ?? kept?.client.secret ?? ids.token(24),
    },
    apiKey: settings.apiKey ?? kept?.apiKey ?? credentials.apiKeys.newValues(),
  }
}

async function insertAll(
  deps: AccountsDeps,
  tx: Db,
  { accountId, admin, agents, skillIds, client, apiKey }: FirstRun,
): Promise<void> {
  const actor = 'system'
  const createdAt = new Date(deps.clock.now())
  await insertAccount(tx, { accountId, createdAt })
  for (const skill of firstSkills(skillIds)) {
    await insertSkill(tx, { accountId, ...skill, description: '', createdAt })
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
  const hashes = await deps.passwords.hashEach(people.map(({ password }) => password))
  for (const { user, password, ...person } of people) {
    const userId = await takeId(tx, accountId, 'nextUserId')
    const passwordHash = hashes.get(password) ?? null
    await users.add(deps, tx, accountId, { ...person, loginName: user, userId, passwordHash })
  }
  const scopes = ['faas.lambda.invoke', 'msg.consumer', 'account.read', 'conversation.read']
  await deps.credentials.clients.add(tx, accountId, actor, {
    name: 'Demo application',
    scopes,
    clientId: client.id,
    clientSecret: client.secret,
  })
  await deps.credentials.apiKeys.add(tx, accountId, actor, { name: 'Demo key', values: apiKey })
  await deps.audit.record(tx, accountId, {
    actor,
    action: 'account.created',
    object: `account:${accountId}`,
  })
}
