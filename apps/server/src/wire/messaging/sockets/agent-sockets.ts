import type { Accounts } from '#identity/accounts'
import { addressGroup } from '#base/bounds'
import { type Http, matchPath, type Principal } from '#base/http'
import { ParleyError } from '#base/kernel'
import { requireKnown } from '#base/store'
import type { Reader } from '#messaging/reading'
import { LOG_IN_AGAIN } from '#wire/messaging/format'
import type { AgentSession, Connection } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { Endpoint } from './endpoint.ts'
import { acceptSocket } from './serve-socket.ts'

const PATH = '/ws_api/account/:accountId/messaging/brand/:bearer'

/** The endpoint of agents and bots. Their token is in the path. */
export function serveAgents(http: Http, deps: Deps): void {
  const { accounts, settings, presence, store } = deps
  const endpoint: Endpoint<AgentSession> = {
    suspendedCode: LOG_IN_AGAIN,
    connected(session) {
      presence.connected(session)
      return undefined
    },
    disconnected: presence.disconnected,
    renew: (session) => renew(deps, session),
  }

  http.upgrade(
    matchPath(PATH),
    async (call) => {
      const { accountId = '', bearer = '' } = call.params
      await accounts.getAccount(accountId)
      const agent = await identifyAgent(deps, accountId, bearer)
      // Its own agents were refused by name.
      requireKnown(store, accountId)
      const { messaging: limits } = await settings.get(accountId)
      const openSession =
        agent &&
        ((connection: Connection) =>
          sessionOf(agent, { bearer, address: call.clientAddress }, connection))
      const group = agent ? `${accountId} ${agent.reader.userId}` : addressGroup(call.clientAddress)
      const from = { accountId, limits, group, openSession }
      const connection = acceptSocket(deps, endpoint, call, from)
      if (!agent) connection.close(LOG_IN_AGAIN, 'The token is wrong or has expired')
    },
    { compress: true },
  )
}

/** An agent's token stays valid while it is used, so its end may have moved. */
async function renew(
  deps: Pick<Deps, 'accounts' | 'reading'>,
  { accountId, bearer }: AgentSession,
): ReturnType<Endpoint['renew']> {
  const agent = await identifyAgent(deps, accountId, bearer)
  return agent ? { expiresAt: agent.expiresAt, reader: agent.reader } : { code: LOG_IN_AGAIN }
}

interface Agent {
  principal: Principal
  reader: Reader
  expiresAt: number
}

/** `undefined` when the token is wrong or expired, or its user may not handle conversations. */
async function identifyAgent(
  { accounts, reading }: Pick<Deps, 'accounts' | 'reading'>,
  accountId: string,
  bearer: string,
): Promise<Agent | undefined> {
  const principal = await authenticate(accounts, accountId, bearer)
  if (!principal?.session || principal.pid === undefined) return undefined
  if (!principal.permissions.has('conversation:handle')) return undefined
  return {
    principal,
    reader: await reading.readerOf(principal),
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
    if (error instanceof ParleyError && error.code === 'account_suspended') throw error
    if (error instanceof ParleyError && error.status < 500) return undefined
    throw error
  }
}

function sessionOf(
  agent: Agent,
  { bearer, address }: { bearer: string; address: string },
  connection: Connection,
): AgentSession {
  const { principal, reader, expiresAt } = agent
  return {
    side: 'agent',
    accountId: principal.accountId,
    reader,
    connection,
    authenticated: true,
    expiresAt,
    loginSequence: principal.session?.sequence ?? 0,
    bearer,
    caller: { principal, address },
  }
}
