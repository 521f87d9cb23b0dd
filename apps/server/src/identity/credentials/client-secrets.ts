import { isSameSecret, lockAccount } from '#base/kit'
import { ParleyError } from '#base/kernel'
import type { Actor } from '#identity/audit'
import type { CredentialsDeps } from './deps.ts'
import { clientContext, type ClientEntry } from './snapshot.ts'
import { findClientState, updateClient } from './repository.ts'

/** How long a secret is accepted after a newer one was made. */
const OVERLAP_MS = 24 * 3_600_000
/** Replaced secrets of one application that are still accepted. */
const MAX_OLD = 5

/** What the database knows of a new secret. */
export function secretColumns(
  { box }: Pick<CredentialsDeps, 'box'>,
  accountId: string,
  clientId: string,
  secret: string,
): { secretDigest: string; secretBox: string } {
  return {
    secretDigest: box.digest(secret),
    secretBox: box.seal(secret, clientContext(accountId, clientId)),
  }
}

/** Whether an application may use this secret: its newest, or one that was replaced less than 24 hours ago. */
export function isSecretOf(
  { box, wallClock }: Pick<CredentialsDeps, 'box' | 'wallClock'>,
  { secretDigest, oldSecrets }: ClientEntry,
  secret: string,
): boolean {
  const digest = box.digest(secret)
  const old = oldSecrets.filter(({ until }) => until > wallClock.now())
  return [secretDigest, ...old.map((each) => each.digest)].some((each) =>
    isSameSecret(digest, each),
  )
}

/** Whether the account has an application with this id and secret. */
export async function isKnown(
  deps: CredentialsDeps,
  accountId: string,
  clientId: string,
  secret: string,
): Promise<boolean> {
  const client = (await deps.snapshots.get(accountId)).clients.get(clientId)
  return client !== undefined && isSecretOf(deps, client, secret)
}

/**
 * Makes a new secret, which signs from now on. The one before is accepted for 24 hours, unless `revoke`: then no older one is.
 * @throws `not_found`, and `conflict` when too many secrets are still accepted
 */
export async function renew(
  deps: CredentialsDeps,
  accountId: string,
  actor: Actor,
  clientId: string,
  { revoke }: { revoke: boolean },
): Promise<{ clientId: string; clientSecret: string; oldSecretsUntil?: string }> {
  const clientSecret = deps.ids.token(24)
  const now = deps.wallClock.now()
  const until = now + OVERLAP_MS
  await deps.snapshots.change(accountId, async (tx) => {
    await lockAccount(tx, accountId)
    const before = await findClientState(tx, accountId, clientId)
    if (!before) throw new ParleyError('not_found', `No application "${clientId}"`)
    const accepted = before.oldSecrets.filter((old) => old.until > now)
    if (!revoke && accepted.length >= MAX_OLD) {
      throw new ParleyError(
        'conflict',
        `${MAX_OLD} older secrets of this application are still accepted; send "revoke": true to end them`,
      )
    }
    const replaced = { digest: before.secretDigest, until: revoke ? now : until }
    // Also one that is accepted no longer: what made it is not answered with the new one.
    const oldSecrets = revoke ? [replaced] : [replaced, ...accepted]
    await updateClient(tx, accountId, clientId, {
      ...secretColumns(deps, accountId, clientId, clientSecret),
      oldSecrets: JSON.stringify(oldSecrets),
    })
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'client.secret-renewed',
      object: `client:${clientId}`,
      details: { revoke },
    })
  })
  return {
    clientId,
    clientSecret,
    ...(!revoke && { oldSecretsUntil: new Date(until).toISOString() }),
  }
}
