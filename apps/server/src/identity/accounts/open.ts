import { perAccount } from '#base/kit'
import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { openAuthenticator } from './authenticator.ts'
import { controllerBotOf } from './bot-identity.ts'
import * as calendars from './calendars.ts'
import { selectCalendars } from './calendars-repository.ts'
import type {
  AccountsDeps,
  KeepsUser,
  KeptForSkill,
  OpenAccountsDeps,
  StopsWithUser,
} from './deps.ts'
import {
  type Directory,
  findAgent,
  isAgentNow,
  getAccount,
  getNamed,
  holdersOf,
  listAgents,
  proveCaller,
  readDirectory,
} from './directory.ts'
import { listAccountIds } from './directory-repository.ts'
import * as firstRun from './first-run.ts'
import { makeAccount } from './make-account.ts'
import { loginLimit } from './login-limit.ts'
import { openLongCalls } from './long-calls.ts'
import { accountRoutes } from './routes.ts'
import { sessionRoutes } from './session-routes.ts'
import * as sessions from './sessions.ts'
import { endExpiredSessions } from './sessions-repository.ts'
import * as skills from './skills.ts'
import * as users from './users.ts'

export type Accounts = ReturnType<typeof openAccounts>

export function openAccounts(given: OpenAccountsDeps) {
  const { store, credentials } = given
  const { db } = store
  using opened = new DisposableStack()
  const directory = opened.use(
    perAccount(store, 'accounts.directory', (accountId, before: Directory | undefined) =>
      readDirectory(db, accountId, before),
    ),
  )
  const hours = opened.use(
    perAccount(store, 'accounts.calendars', (accountId) => selectCalendars(db, accountId)),
  )
  const sessionChanges = opened.use(perAccount(store, 'accounts.sessions', async () => undefined))
  // The operator has no account, and needs no database to be refused.
  const isAccount = async (accountId: string) =>
    accountId !== '' && (await directory.get(accountId)).createdAt !== undefined
  const { settings } = given
  const keptForSkills: KeptForSkill[] = [
    { remove: settings.forgetSkill, removed: settings.readAgain },
  ]
  const keepUsers: KeepsUser[] = []
  const stopWithUsers: StopsWithUser[] = []
  const deps: AccountsDeps = {
    ...given,
    keepUsers,
    stopWithUsers,
    keptForSkills,
    directory,
    calendars: hours,
    loginLimit: loginLimit({ ...given, isAccount }),
    sessionsEnded: sessionChanges.changed,
  }
  settings.alsoWrite((tx, accountId, change) =>
    skills.holdNamedInSettings(deps, tx, accountId, change),
  )
  const authenticator = openAuthenticator(deps)
  const longCalls = opened.use(openLongCalls(given, authenticator.recognize))
  const ended = { onChange: given.grants.onEnd }
  for (const cache of [directory, credentials, sessionChanges, ended]) {
    cache.onChange(authenticator.forget)
    cache.onChange(longCalls.lookAgain)
  }
  opened.use(store.suspensions.onChange(longCalls.lookAgain))
  opened.use(store.onResync(authenticator.forgetAll))
  const resources = opened.move()

  return {
    guard: authenticator.guard,
    authenticate: authenticator.authenticate,
    /** Ends a long answer soon after its caller has lost the right to it. */
    watchCall: longCalls.watch,
    ...withDeps(deps, { getAccount }),
    proveCaller: <Result>(accountId: string, prove: () => Promise<Result>) =>
      proveCaller(deps, accountId, prove),
    listAccountIds: () => listAccountIds(db),
    /** What a user may do; nothing for one who is not there. */
    permissionsOf: async (accountId: string, userId: string) =>
      (await directory.get(accountId)).permissionsOf(userId),
    ...withDeps(deps, sessions),
    /** To be begun before a secret of an application or a key is compared. */
    openAttempt: deps.loginLimit.open,
    /** Called on every node after sessions have ended, or users were changed, disabled or deleted. */
    onUsersChanged(notify: (accountId: string) => void): void {
      directory.onChange(notify)
      sessionChanges.onChange(notify)
    },
    /** What a change of users or skills writes beside, in the same commit; with the id of a user that is changed or deleted. */
    alsoWriteWithUsers: directory.alsoWrite,
    /** Goes with a skill that is deleted. */
    alsoRemoveWithSkills: (kept: KeptForSkill) => void keptForSkills.push(kept),
    /** Refuses that a user is deleted whom something needs. */
    keepUsers: (keeps: KeepsUser) => void keepUsers.push(keeps),
    /** Stops what a user serves who is disabled, or handles no conversations any more. */
    stopWithUsers: (stops: StopsWithUser) => void stopWithUsers.push(stops),
    /** Users and skills are read again, on every node: another one may have changed them and died. */
    readAgain: directory.changed,
    users: withDeps(deps, { ...users, findAgent, isAgentNow, listAgents, holdersOf }),
    skills: withDeps(deps, { ...skills, getNamed, holdNamed: skills.holdNamed }),
    ...withDeps(deps, {
      offHours: calendars.offHours,
      nextOpening: calendars.nextOpening,
      shiftStatus: calendars.shiftStatus,
    }),
    controllerBot: controllerBotOf,
    ...withDeps(deps, firstRun),
    ...withDeps(deps, { makeAccount }),
    /** Ends sessions that have expired, and what users let applications do: those of users who never came back. */
    async endOld(accountId: string): Promise<boolean> {
      const now = new Date(given.wallClock.now())
      const areEnded = await endExpiredSessions(store.maintenance, accountId, now)
      return (await given.grants.endOld(accountId)) && areEnded
    },
    routes(http: Http): void {
      sessionRoutes(http, deps)
      accountRoutes(http, deps)
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}
