import type { Accounts } from '#identity/accounts'
import { matchPath, type Principal } from '#base/http'
import { ParleyError } from '#base/kernel'
import { LOG_IN_AGAIN } from './close-codes.ts'
import type { Connection } from './connection.ts'
import type { Deps } from './deps.ts'
import type { Face } from './face.ts'
import { agentPresence } from './presence.ts'
import { type ServeDeps, serveSocket } from './serve-socket.ts'
import type { Session } from './session.ts'

const PATH = '/ws_api/account/:accountId/messaging/brand/:bearer'

/** The face for agents and bots. Their token is in the path. */
export function serveAgents(deps: ServeDeps): Disposable {
  const { http, accounts } = deps
  const presence = agentPresence(deps)
  const face: Face = { ...presence, expired: (session) => lookAgain(deps, session) }

  http.upgrade(
    matchPath(PATH),
    async (call) => {
      const { accountId = '', bearer = '' } = call.params
      const agent = await identify(deps, accountId, bearer)
      await accounts.settings(accountId)
      const socket = call.accept()
      if (!agent) {
        socket.close(LOG_IN_AGAIN, 'The token is wrong or has expired')
        return
      }
      const known = (connection: Connection) => sessionOf(agent, bearer, connection)
      serveSocket(deps, face, socket, { accountId, known })
    },
    { compress: true },
  )
  return presence
}

/** The life of an agent's token is extended while it is used. */
async function lookAgain(
  deps: Pick<Deps, 'accounts'>,
  { accountId, bearer = '' }: Session,
): ReturnType<Face['expired']> {
  const still = await identify(deps, accountId, bearer)
  return still ? { expiresAt: still.expiresAt, reader: readerOf(still) } : { code: LOG_IN_AGAIN }
}

interface Agent {
  principal: Principal & { pid: string }
  skillIds: readonly string[]
  isBot: boolean
  expiresAt: number
}

/** `undefined` for a token that is wrong, expired, or of nobody who handles conversations. */
async function identify(
  { accounts }: Pick<Deps, 'accounts'>,
  accountId: string,
  bearer: string,
): Promise<Agent | undefined> {
  const principal = await authenticate(accounts, accountId, bearer)
  if (!principal?.session || principal.pid === undefined) return undefined
  if (!principal.permissions.has('conversation:handle')) return undefined
  const user = await accounts.users.find(accountId, principal.id)
  if (!user?.enabled) return undefined
  const { pid } = principal
  return {
    principal: { ...principal, pid },
    skillIds: user.skillIds,
    isBot: user.kind === 'bot',
    expiresAt: principal.session.expiresAt,
  }
}

async function authenticate(
  accounts: Accounts,
  accountId: string,
  bearer: string,
): Promise<Principal | undefined> {
  try {
    return await accounts.authenticate(bearer, accountId)
  } catch (error) {
    if (error instanceof ParleyError && error.status < 500) return undefined
    throw error
  }
}

function readerOf({ principal, skillIds, isBot }: Agent): Session['reader'] {
  return {
    kind: isBot ? 'bot' : 'agent',
    userId: principal.id,
    pid: principal.pid,
    supervises: principal.permissions.has('conversation:manage'),
    skillIds,
  }
}

function sessionOf(agent: Agent, bearer: string, connection: Connection): Session {
  const { principal, expiresAt } = agent
  return {
    face: 'agent',
    accountId: principal.accountId,
    reader: readerOf(agent),
    connection,
    authenticated: true,
    expiresAt,
    loginSequence: principal.session?.sequence ?? 0,
    bearer,
  }
}
