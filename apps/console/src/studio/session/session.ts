import type { Permission } from '@parley/contract'
import { storage } from '../../storage.ts'

/** Who is signed in to one account, kept by the browser for all its tabs. */
export interface SignedIn {
  accountId: string
  bearer: string
  loginName: string
  permissions: readonly Permission[]
  /** What the account is called; empty for none. Absent in a session that began before it was kept. */
  accountName?: string
}

const PREFIX = 'parley.session.'
const keyOf = (accountId: string): string => `${PREFIX}${accountId}`
const LAST = 'parley.account'

/** The sessions of this browser. A change in one tab is heard in the others. */
class Sessions {
  #known = new Map<string, SignedIn | undefined>()
  /** Who was signed in while this page is open. */
  #last = new Map<string, SignedIn>()
  #listeners = new Set<() => void>()

  constructor() {
    addEventListener('storage', ({ key }) => {
      if (key !== null && !key.startsWith(PREFIX)) return
      this.#known.clear()
      this.#tell()
    })
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  of(accountId: string): SignedIn | undefined {
    if (!this.#known.has(accountId)) this.#known.set(accountId, read(accountId))
    const signedIn = this.#known.get(accountId)
    if (signedIn) this.#last.set(accountId, signedIn)
    return signedIn
  }

  /** Who is signed in or, once the session has ended, who was: whose page it is until somebody signs in over it. */
  lastOf(accountId: string): SignedIn | undefined {
    return this.of(accountId) ?? this.#last.get(accountId)
  }

  bearerOf(accountId: string): string | undefined {
    return this.of(accountId)?.bearer
  }

  begin(signedIn: SignedIn): void {
    storage.keep(keyOf(signedIn.accountId), JSON.stringify(signedIn))
    storage.keep(LAST, signedIn.accountId)
    this.#known.set(signedIn.accountId, signedIn)
    this.#tell()
  }

  /** What the server says of a session that goes on. */
  renew(signedIn: SignedIn, said: Pick<SignedIn, 'permissions' | 'accountName'>): void {
    const { accountId, bearer } = signedIn
    if (read(accountId)?.bearer !== bearer) return
    const renewed = { ...signedIn, ...said }
    const text = JSON.stringify(renewed)
    if (storage.read(keyOf(accountId)) === text) return
    storage.keep(keyOf(accountId), text)
    this.#known.set(accountId, renewed)
    this.#tell()
  }

  /** @param bearer the session that has ended; another one that began meanwhile is left alone */
  end(accountId: string, bearer: string): void {
    if (read(accountId)?.bearer === bearer) storage.forget(keyOf(accountId))
    this.#known.delete(accountId)
    this.#tell()
  }

  /** Those that somebody is signed in to in this browser. */
  accounts(): string[] {
    return storage
      .keysFrom(PREFIX)
      .map((key) => key.slice(PREFIX.length))
      .toSorted()
  }

  lastAccount(): string | undefined {
    return storage.read(LAST)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function read(accountId: string): SignedIn | undefined {
  const text = storage.read(keyOf(accountId))
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as SignedIn
  } catch {
    // Written by nobody else: a half-written entry means signing in again.
    return undefined
  }
}

export const session = new Sessions()
