import * as z from 'zod'
import { parseJson } from '#base/input'
import type { GrantsDeps } from './deps.ts'
import {
  consumeItem,
  deleteGrant,
  deleteItem,
  deleteStale,
  findGrantOf,
  findItem,
  findItemOfSession,
  putItem,
} from './repository.ts'

/** Of an account and a kind, about; used ones end first, then older ones: a refresh token that was replaced must not end those of others. A request of a browser lives ten minutes, and strangers make them. */
const MAX_ITEMS = 20_000
/** What is stale is deleted with so many new ones: to find it, all that are kept are sorted. */
const CLEANED_EVERY = 50
/** At once: more than have come since the last time. */
const MAX_DELETED = 200

const Payload = z.looseObject({
  /** Of a log-in: its public id. */
  uid: z.string().optional(),
  grantId: z.string().optional(),
  /** The user. */
  accountId: z.string().optional(),
  clientId: z.string().optional(),
  /** Of a browser's request: the user who has just logged in for it. */
  result: z.looseObject({ login: z.object({ accountId: z.string() }).optional() }).optional(),
})
type Payload = z.infer<typeof Payload>

/** What `oidc-provider` keeps one kind of its models in. Values that give access are kept as digests, and all else is sealed. */
export interface Items {
  upsert(id: string, payload: object, expiresInS: number): Promise<void>
  find(id: string): Promise<Payload | undefined>
  findByUid(uid: string): Promise<Payload | undefined>
  findByUserCode(code: string): Promise<undefined>
  /** @throws what `reused` makes when it was used before; all that came of it has then ended */
  consume(id: string): Promise<void>
  destroy(id: string): Promise<void>
  revokeByGrantId(grantId: string): Promise<void>
}

/** The same for all nodes. `reused` makes the error for the second use of a code or a refresh token. */
export function openItems(
  deps: GrantsDeps,
  accountId: string,
  kind: string,
  reused: () => Error,
): Items {
  const { store, credentials, wallClock, ends } = deps
  const { db } = store
  const context = (id: string) => `grant ${kind} ${id}`
  let made = 0
  const key = (id: string) => ({ accountId, kind, id: digestOf(deps, id) })

  function read(row: Awaited<ReturnType<typeof findItem>>): Payload | undefined {
    if (!row || row.expiresAt.getTime() <= wallClock.now()) return undefined
    const text = credentials.secrets.open(accountId, context(row.id), row.payloadBox)
    const payload = Payload.parse(parseJson(text, 'grant'))
    return row.consumedAt
      ? { ...payload, consumed: Math.floor(row.consumedAt.getTime() / 1000) }
      : payload
  }

  async function end(grantId: string): Promise<void> {
    await deleteGrant(db, accountId, grantId)
    ends.changed(accountId)
  }

  return {
    async upsert(id, given, expiresInS) {
      const { uid, grantId, accountId: owner, clientId, result } = Payload.parse(given)
      const userId = owner ?? result?.login?.accountId
      const now = wallClock.now()
      const sealed = key(id)
      await putItem(db, {
        ...sealed,
        sessionId: uid === undefined ? null : digestOf(deps, uid),
        grantId: grantId === undefined ? null : digestOf(deps, grantId),
        userId: userId ?? null,
        clientId: clientId ?? null,
        payloadBox: credentials.secrets.seal(accountId, context(sealed.id), JSON.stringify(given)),
        expiresAt: new Date(now + expiresInS * 1000),
      })
      made += 1
      if (made % CLEANED_EVERY !== 1) return
      const bounds = { now: new Date(now), keep: MAX_ITEMS, limit: MAX_DELETED }
      await deleteStale(db, { accountId, kind }, bounds)
    },
    find: async (id) => read(await findItem(db, key(id))),
    findByUid: async (uid) =>
      read(await findItemOfSession(db, { accountId, kind, sessionId: digestOf(deps, uid) })),
    findByUserCode: async () => undefined,
    async consume(id) {
      const used = key(id)
      if (await consumeItem(db, used, new Date(wallClock.now()))) return
      const grantId = (await findGrantOf(db, used))?.grantId
      if (grantId) await end(grantId)
      throw reused()
    },
    async destroy(id) {
      await deleteItem(db, key(id))
      if (kind === 'Grant') await end(key(id).id)
    },
    revokeByGrantId: (grantId) => end(digestOf(deps, grantId)),
  }
}

/** How the database and the claim `grant` of a token name what a user has let an application do. */
export function digestOf({ credentials }: Pick<GrantsDeps, 'credentials'>, id: string): string {
  return credentials.digest(`grant ${id}`)
}
