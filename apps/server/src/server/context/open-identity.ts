import { openAccounts } from '#identity/accounts'
import { openAudit } from '#identity/audit'
import { type MakeKeyPair, openCredentials } from '#identity/credentials'
import { openAuthorization } from '#identity/authorization'
import { openInvitations } from '#identity/invitations'
import { openGrants } from '#identity/grants'
import { type Hashing, openPasswords } from '#identity/passwords'
import { openSettings } from '#identity/settings'
import type { Base } from '#base/store'
import type { Config } from '#config'

/** Opens the modules of accounts and of who is calling in their order, and makes the first account. */
export async function openIdentity(
  opened: AsyncDisposableStack,
  base: Base,
  config: Pick<Config, 'dataDir' | 'secretsKey' | 'firstRun' | 'egressPrivate' | 'publicUrl'>,
  { hashing, makeKeyPair }: { hashing?: Hashing; makeKeyPair?: MakeKeyPair } = {},
) {
  const { dataDir, secretsKey, egressPrivate, publicUrl, firstRun: wanted } = config
  const audit = opened.use(openAudit(base))
  const settings = opened.use(openSettings({ ...base, audit }))
  const known = { ...base, audit, settings }
  const credentials = opened.use(
    await openCredentials(
      { ...known, egressPrivate, ...(makeKeyPair && { makeKeyPair }) },
      { dataDir, secretsKey },
    ),
  )
  const passwords = opened.use(openPasswords(base, hashing))
  const grants = opened.use(openGrants({ ...base, credentials }))
  const accounts = opened.use(openAccounts({ ...known, credentials, passwords, grants, dataDir }))
  const authorization = openAuthorization({ ...known, credentials, grants, accounts, publicUrl })
  const invitations = openInvitations({ ...known, accounts })
  await credentials.loginKeys.tellOfNarrowedRights()
  const firstRun = await accounts.ensureFirstRun(wanted)
  return {
    audit,
    settings,
    credentials,
    passwords,
    accounts,
    authorization,
    invitations,
    firstRun,
  }
}

export type Identity = Omit<Awaited<ReturnType<typeof openIdentity>>, 'firstRun'>
