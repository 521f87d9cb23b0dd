import type {
  AccountSettings,
  AccountSettingsChange,
  Permission,
  Skill,
  User,
} from '@parley/contract'
import {
  type Actor,
  addApiKey,
  type ApiKeyDraft,
  type AppToken,
  type AppTokenRequest,
  type AuditFacts,
  authenticateConsumer,
  authorizeAnonymous,
  type ConsumerIdentity,
  issueAppToken,
  isTrusted,
  type KeyValues,
  openCredentials,
  perAccount,
  recordAudit,
  signUpConsumer,
  type TokenOrigin,
  verifyConsumerToken,
  verifyKeyProof,
} from '#identity/credentials'
import type { Guard, GuardedRequest, Principal } from '#base/http'
import { type Clock, type Ids, type Logger, type Monotonic, ParleyError } from '#base/kernel'
import type { Db, Store } from '#base/store'
import { findNextOpening, isOffHours, readCalendars } from './calendars.ts'
import { type BotIdentity, controllerBotOf } from './controller-bot.ts'
import { readDirectory } from './directory.ts'
import {
  createAccount,
  ensureFirstRun,
  type FirstRun,
  type FirstRunSettings,
  makeCredentials,
} from './first-run.ts'
import { openGate } from './guard.ts'
import { loginLimit } from './login-limit.ts'
import { type LongCall, openLongCalls } from './long-calls.ts'
import type { AccountsRoom } from './room.ts'
import { type Login, logIn, logOut, type OpenedSession, refreshSession } from './sessions.ts'
import { changeSettings, readSettings } from './settings.ts'
import type { NextOpening } from './shift-status.ts'
import { getSkill } from './skills.ts'
import { findUser, getUser } from './users.ts'

export interface Accounts extends Disposable {
  /** For the routes of this room only. */
  readonly room: AccountsRoom
  /** Who sends a request: user session, application token or OAuth1 signature. Synchronous when the token is known. */
  guard: Guard
  /** Who a bearer belongs to, for tokens in paths. Throws `unauthorized`. */
  authenticate(bearer: string, accountId: string): Principal | Promise<Principal>
  /** Looks after a call that goes on: its end comes soon after its caller's right to it. */
  watchCall(call: LongCall): Disposable
  /** Throws `not_found` for an id that is no account. */
  getAccount(accountId: string): Promise<{ accountId: string; createdAt: number }>
  listAccountIds(): Promise<string[]>

  logIn(accountId: string, login: Login): Promise<OpenedSession>
  refreshSession(
    accountId: string,
    proof: { sessionId: string; csrf: string },
  ): Promise<Omit<OpenedSession, 'bearer'>>
  logOut(
    accountId: string,
    proof: { bearer: string } | { sessionId: string; csrf: string },
  ): Promise<void>
  /** Heard on every node: sessions of the account have ended, or users were changed, disabled or deleted. */
  onUsersChanged(hear: (accountId: string) => void): void
  /** Heard on every node: keys, applications or issuers were made, revoked or deleted. */
  onCredentialsChanged(hear: (accountId: string) => void): void

  issueAppToken(accountId: string, asked: AppTokenRequest): Promise<AppToken>
  /** The thumbprint of the key that a request proves to have (RFC 9449). Throws `unauthorized`. */
  verifyKeyProof(accountId: string, request: GuardedRequest): Promise<string>
  /** Part of a transaction, after which `apiKeysChanged` is to be called. */
  addApiKey(
    tx: Db,
    accountId: string,
    actor: Actor,
    draft: ApiKeyDraft,
  ): Promise<{ values: KeyValues }>
  apiKeysChanged(accountId: string): void
  /** The public keys by which others check tokens of this account. */
  publicKeys(accountId: string): Promise<{ keys: object[] }>

  signUpConsumer(accountId: string): Promise<string>
  authorizeAnonymous(accountId: string): Promise<string>
  authenticateConsumer(accountId: string, authCode: string): Promise<string>
  /** Throws `token_expired`, `anonymous_token_expired` or `unauthorized`. */
  verifyConsumerToken(accountId: string, token: string): Promise<ConsumerIdentity>
  /** Whether consumers' tokens of this origin are good; not so once the key is revoked, or the issuer deleted. */
  trusts(accountId: string, origin: TokenOrigin): Promise<boolean>

  readonly users: {
    /** By user id or by pid. */
    find(accountId: string, id: string): Promise<User | undefined>
    /** Throws `not_found`. */
    get(accountId: string, id: string): Promise<User>
    list(accountId: string): Promise<User[]>
    permissionsOf(accountId: string, userId: string): Promise<ReadonlySet<Permission>>
  }
  readonly skills: {
    find(accountId: string, skillId: string): Promise<Skill | undefined>
    /** Throws `not_found`. */
    get(accountId: string, skillId: string): Promise<Skill>
    list(accountId: string): Promise<Skill[]>
  }

  settings(accountId: string): Promise<AccountSettings>
  /** What is in memory now, for callers that cannot wait. */
  peekSettings(accountId: string): AccountSettings | undefined
  changeSettings(
    accountId: string,
    actor: Actor,
    wanted: AccountSettingsChange,
  ): Promise<AccountSettings>
  /** Heard on every node. */
  onSettingsChanged(hear: (accountId: string) => void): void
  /** By the calendar of the skill, else by that of the account; always open without any. */
  offHours(accountId: string, skillId: string | undefined, at: number): Promise<boolean>
  /** When it opens again; `undefined` when it is open, or stays closed for 30 days. */
  nextOpening(
    accountId: string,
    skillId: string | undefined,
    at: number,
  ): Promise<NextOpening | undefined>
  controllerBot(accountId: string): BotIdentity

  /** Encrypts for the database; `context` says what the text is, and opening needs the same. */
  sealSecret(accountId: string, context: string, text: string): string
  openSecret(accountId: string, context: string, sealed: string): string
  /** To be called in the transaction that does it. */
  recordAudit(tx: Db, accountId: string, facts: AuditFacts): Promise<void>

  ensureFirstRun(settings: FirstRunSettings): Promise<FirstRun | undefined>
  /** One more account with what a first start makes. */
  createAccount(settings: FirstRunSettings): Promise<FirstRun>
}

/** @throws an `Error` of one line when the data were written with another secrets key */
export async function openAccounts(
  deps: { store: Store; clock: Clock; ids: Ids; monotonic: Monotonic; logger: Logger },
  config: { dataDir: string; secretsKey: string | undefined },
): Promise<Accounts> {
  const { store, clock } = deps
  const { db } = store
  using opened = new DisposableStack()
  const settings = opened.use(
    perAccount(store, 'accounts.settings', (accountId) => readSettings(db, accountId)),
  )
  const directory = opened.use(
    perAccount(store, 'accounts.directory', (accountId) => readDirectory(db, accountId)),
  )
  const calendars = opened.use(
    perAccount(store, 'accounts.calendars', (accountId) => readCalendars(db, accountId)),
  )
  const lives = async (accountId: string) => (await settings.get(accountId)).identity
  const credentialsRoom = opened.use(await openCredentials({ ...deps, lives }, config))
  const { box, credentials } = credentialsRoom
  const sessions = opened.use(perAccount(store, 'accounts.sessions', async () => undefined))
  const room: AccountsRoom = {
    ...credentialsRoom,
    settings,
    directory,
    calendars,
    sessionsEnded: sessions.changed,
  }
  const limit = loginLimit(clock)
  const gate = openGate(room)
  const longCalls = opened.use(openLongCalls(deps, gate.recognize))
  for (const cache of [directory, credentials, sessions]) {
    cache.onChange(gate.forget)
    cache.onChange(longCalls.lookAgain)
  }
  opened.use(store.onResync(gate.forgetAll))
  const resources = opened.move()

  return {
    room,
    guard: gate.guard,
    authenticate: gate.authenticate,
    watchCall: longCalls.watch,
    async getAccount(accountId) {
      const { createdAt } = await directory.get(accountId)
      if (createdAt !== undefined) return { accountId, createdAt }
      throw new ParleyError('not_found', `There is no account "${accountId}"`)
    },
    async listAccountIds() {
      const rows = await db.selectFrom('account').select('accountId').orderBy('accountId').execute()
      return rows.map(({ accountId }) => accountId)
    },
    logIn: (accountId, login) => logIn(room, limit, accountId, login),
    refreshSession: (accountId, proof) => refreshSession(room, accountId, proof),
    logOut: (accountId, proof) => logOut(room, accountId, proof),
    onUsersChanged(hear) {
      directory.onChange(hear)
      sessions.onChange(hear)
    },
    onCredentialsChanged: credentials.onChange,
    issueAppToken: (accountId, asked) => issueAppToken(room, accountId, asked),
    verifyKeyProof: (accountId, request) => verifyKeyProof(room, accountId, request, undefined),
    addApiKey: (tx, accountId, actor, draft) => addApiKey(room, tx, accountId, actor, draft),
    apiKeysChanged: credentials.changed,
    async publicKeys(accountId) {
      const { signingKeys } = await credentials.get(accountId)
      return { keys: signingKeys.map(({ publicJwk }) => publicJwk) }
    },
    signUpConsumer: (accountId) => signUpConsumer(room, accountId),
    authorizeAnonymous: (accountId) => authorizeAnonymous(room, accountId),
    authenticateConsumer: (accountId, code) => authenticateConsumer(room, accountId, code),
    verifyConsumerToken: (accountId, token) => verifyConsumerToken(room, accountId, token),
    trusts: async (accountId, origin) => isTrusted(await credentials.get(accountId), origin),
    users: {
      find: (accountId, id) => findUser(room, accountId, id),
      get: (accountId, id) => getUser(room, accountId, id),
      list: async (accountId) => [...(await directory.get(accountId)).users.values()],
      permissionsOf: async (accountId, id) => (await directory.get(accountId)).permissionsOf(id),
    },
    skills: {
      find: async (accountId, skillId) => (await directory.get(accountId)).skills.get(skillId),
      get: (accountId, skillId) => getSkill(room, accountId, skillId),
      list: async (accountId) => [...(await directory.get(accountId)).skills.values()],
    },
    settings: settings.get,
    peekSettings: settings.peek,
    changeSettings: (accountId, actor, wanted) => changeSettings(room, accountId, actor, wanted),
    onSettingsChanged: settings.onChange,
    offHours: (accountId, skillId, at) => isOffHours(room, accountId, skillId, at),
    nextOpening: (accountId, skillId, at) => findNextOpening(room, accountId, skillId, at),
    controllerBot: controllerBotOf,
    sealSecret: (accountId, context, text) => box.seal(text, `${accountId} ${context}`),
    openSecret: (accountId, context, sealed) => box.open(sealed, `${accountId} ${context}`),
    recordAudit: (tx, accountId, facts) => recordAudit(deps, tx, accountId, facts),
    ensureFirstRun: (wanted) => ensureFirstRun(room, config.dataDir, wanted),
    async createAccount(wanted) {
      const made = makeCredentials(room, wanted)
      await store.transaction((tx) => createAccount(room, tx, made))
      directory.changed(made.accountId)
      return made
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}
