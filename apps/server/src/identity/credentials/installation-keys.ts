import type { Store } from '#base/store'
import { perAccount } from '#base/kit'
import { lockInstallation, type SecretsBox } from '#identity/sealing'
import type { CredentialsDeps } from './deps.ts'
import {
  deleteInstallationKeys,
  insertInstallationKey,
  selectInstallationKeys,
} from './repository.ts'
import { makeKey, signWith } from './jwt.ts'
import { canSign, signingKeyEntry, type SigningKeyEntry } from './snapshot.ts'

const LIFE_MS = 90 * 24 * 3_600_000
/** Tokens that they sign live no longer than this, so that a replaced key is needed no longer. */
export const MAX_TOKEN_MS = 24 * 3_600_000

/** There is one installation: the place of its keys in a cache that is made for accounts. */
const ALL = 'installation'

/** The keys of the installation, newest first, as one snapshot in memory. */
export function openInstallationKeys(
  store: Store,
  box: SecretsBox,
): CredentialsDeps['installationKeys'] {
  return perAccount(store, 'installation_keys', async () => {
    const rows = await selectInstallationKeys(store.db)
    return rows.map((row) => signingKeyEntry(box, row, contextOf(row.kid)))
  })
}

export function peekKeys({
  installationKeys,
}: Pick<CredentialsDeps, 'installationKeys'>): readonly SigningKeyEntry[] | undefined {
  return installationKeys.peek(ALL)
}

export function getKeys({
  installationKeys,
}: Pick<CredentialsDeps, 'installationKeys'>): Promise<readonly SigningKeyEntry[]> {
  return installationKeys.get(ALL)
}

/** Signs claims as a JWT with the newest key of the installation. */
export async function sign(deps: CredentialsDeps, claims: object): Promise<string> {
  const [newest] = await currentKeys(deps)
  if (!newest) throw new Error('The key of the installation was made and is missing')
  return await signWith(newest, claims)
}

/** As a JSON Web Key Set. The first one signs: published readers take no other (`spec/wire-api.md` 4.5). */
export async function publicKeys(deps: CredentialsDeps): Promise<{ keys: object[] }> {
  return { keys: (await currentKeys(deps)).map(({ publicJwk }) => publicJwk) }
}

async function currentKeys(deps: CredentialsDeps): Promise<readonly SigningKeyEntry[]> {
  const keys = await getKeys(deps)
  const [newest] = keys
  const isYoung = newest && newest.createdAt > deps.wallClock.now() - LIFE_MS
  return isYoung && canSign(newest) ? keys : await replace(deps, newest?.kid)
}

/** Makes a new key, unless another node has replaced the key that was `seen`. */
async function replace(
  deps: CredentialsDeps,
  seen: string | undefined,
): Promise<readonly SigningKeyEntry[]> {
  const kid = deps.ids.uuid()
  const key = await makeKey(deps, kid, contextOf(kid))
  const now = deps.wallClock.now()
  await deps.installationKeys.change(ALL, async (tx) => {
    await lockInstallation(tx)
    const present = await selectInstallationKeys(tx)
    if (present[0]?.kid !== seen) return
    // The first one signs: one that was made while a clock was ahead must not stay it.
    const createdAt = new Date(Math.max(now, (present[0]?.createdAt.getTime() ?? 0) + 1))
    await insertInstallationKey(tx, { ...key, createdAt })
    // A key has signed until its successor was made.
    const spent = present.filter((_key, index) => {
      const successor = present[index - 1]
      return successor && successor.createdAt.getTime() < now - MAX_TOKEN_MS
    })
    await deleteInstallationKeys(
      tx,
      spent.map((each) => each.kid),
    )
  })
  return await getKeys(deps)
}

function contextOf(kid: string): string {
  return `installation-key ${kid}`
}
