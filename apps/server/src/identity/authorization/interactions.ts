import type { Permission, User } from '@parley/contract'
import type { Interaction } from 'oidc-provider'
import type { ProvenUser } from '#identity/accounts'
import { permissionsOfScopes } from '#identity/credentials'
import { type Asking, textOf } from './asking.ts'
import { RESOURCE } from './configure.ts'
import type { AuthorizationDeps } from './deps.ts'
import type { AccountProvider } from './providers.ts'

/** What a person is asked for on the way of an application's request. */
export interface Question {
  kind: 'log-in' | 'consent'
  interaction: Interaction
  entry: AccountProvider
  application: { clientId: string; name: string; redirectUri: string }
  /** All that the application asks for. */
  scopes: string[]
  /** For consent: who is logged in, and what that user lacks for it. */
  user: User | undefined
  lacking: Permission[]
}

/** `undefined` for one that has expired, was answered, or was begun by another browser. */
export async function findQuestion(
  deps: AuthorizationDeps,
  asking: Asking,
  interaction: Interaction,
): Promise<Question | undefined> {
  const entry = await deps.providers.get(asking)
  const { accountId } = asking
  const { params, prompt, session } = interaction
  const client = await deps.credentials.clients.find(accountId, textOf(params['client_id']))
  if (!client || interaction.result) return undefined
  const found = await deps.accounts.users.find(accountId, session?.accountId ?? '')
  const user = found?.enabled ? found : undefined
  const kind = prompt.name === 'consent' ? 'consent' : 'log-in'
  if (kind === 'consent' && !user) return undefined
  const scopes = textOf(params['scope']).split(' ')
  const needed = permissionsOfScopes(scopes)
  const held = await deps.accounts.permissionsOf(accountId, user?.userId ?? '')
  return {
    kind,
    interaction,
    entry,
    application: {
      clientId: client.clientId,
      name: client.name,
      redirectUri: textOf(params['redirect_uri']),
    },
    scopes,
    user,
    lacking: [...needed.difference(held)],
  }
}

/** Who answers a question. */
interface Person {
  /** The caller's. */
  address: string
}

/**
 * Goes on as this user. Whoever was logged in before in this browser no longer is. Answers where the browser goes next.
 * @throws ParleyError `unauthorized` when the user has got another password meanwhile, or was disabled
 */
export async function answerLogIn(
  { accounts }: AuthorizationDeps,
  accountId: string,
  { application, interaction, entry }: Question,
  { address, proven }: Person & { proven: ProvenUser },
): Promise<string> {
  const { userId } = proven.user
  const { session } = interaction
  if (session && session.accountId !== userId) {
    await (await entry.provider.Session.findByUid(session.uid))?.destroy()
    delete interaction.session
  }
  interaction.result = { login: { accountId: userId } }
  await interaction.persist()
  try {
    const { clientId } = application
    await accounts.confirmLogIn(accountId, proven, { clientId, address })
  } catch (error) {
    delete interaction.result
    await interaction.persist()
    throw error
  }
  return interaction.returnTo
}

/** The user lets the application do what it asks for. */
export async function answerConsent(
  deps: AuthorizationDeps,
  accountId: string,
  { interaction, entry, application, scopes, user }: Question,
  { address }: Person,
): Promise<string> {
  if (!user) throw new Error('Nobody is logged in')
  const { clientId } = application
  const { Grant } = entry.provider
  const kept = interaction.grantId === undefined ? undefined : await Grant.find(interaction.grantId)
  const grant = kept ?? new Grant({ accountId: user.userId, clientId })
  const own = scopes.filter((scope) => OWN_SCOPES.has(scope))
  const delegated = scopes.filter((scope) => !OWN_SCOPES.has(scope))
  if (own.length > 0) grant.addOIDCScope(own.join(' '))
  if (delegated.length > 0) grant.addResourceScope(RESOURCE, delegated.join(' '))
  // First: an entry without a grant is better than a grant without an entry.
  await deps.audit.recordRepeated(deps.store.db, accountId, {
    actor: user.loginName,
    action: 'grant.given',
    object: `client:${clientId}`,
    address,
    details: { scopes },
  })
  const grantId = await grant.save()
  interaction.result = { ...interaction.lastSubmission, consent: { grantId } }
  await interaction.persist()
  return interaction.returnTo
}

/** The application is told. */
export async function refuse({ interaction }: Question): Promise<string> {
  interaction.result = { error: 'access_denied', error_description: 'The user has refused' }
  await interaction.persist()
  return interaction.returnTo
}

/** Scopes of the OAuth2 server itself. */
const OWN_SCOPES = new Set(['openid', 'offline_access'])
