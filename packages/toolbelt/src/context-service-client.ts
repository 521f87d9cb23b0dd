import crypto from 'node:crypto'
import { badArgument, deadlineError, isNotFound, SDKError, statusError } from './context-errors.ts'
import { codeOf, messageOf } from './errors.ts'
import { type Answer, exchange } from './exchange.ts'
import { environment, type ToolbeltHost } from './host.ts'
import { pathSegment } from './path-segment.ts'
import { within } from './within.ts'

const DEADLINE_MS = 10_000
const PAUSES_MS = [2_000, 4_000]
/** So many sessions are answered at once. */
const MAX_LISTED_SESSIONS = 10_000
/** Codes of failures of the network. */
const REPEATED = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])
const DEFAULT_SESSION = '__default__'
/** Stands where a session would in paths without one. */
const NO_SESSION = 'properties'
const BUILT_IN = ['faas', 'consumer', 'custom', 'operational', 'conversation']
const ZONES = ['qa', 'z1-a', 'z1', 'z2', 'z3']

export interface Namespace {
  name: string
  createdAt: Date
  ttlSecond?: number
}

type Properties = Record<string, unknown>
/** Of a namespace, a session or a property. */
type Name = string | number

/**
 * The published context client (`ToolbeltDocumentation/faas-context-service-client.md`). Time limit of a call: 10 s.
 * @throws `Error` without an API key or an account id, or for an unknown zone; each method: `SDKError`
 */
export function createContextServiceClient(
  host: ToolbeltHost,
  config: { apiKey: string; accountId: Name },
) {
  if (typeof config !== 'object' || config === null) {
    throw new Error('No valid configuration was provided')
  }
  const { apiKey } = config
  if (!isText(apiKey)) throw new Error('No valid API-key was provided')
  const accountId = textOf(config.accountId)
  if (!isText(accountId)) throw new Error('No valid accountId was provided')
  const base = `https://${zoneOf()}.context.liveperson.net/v1/account/${pathSegment('accountId', accountId)}`

  async function call(
    method: string,
    path: string,
    status: number,
    body?: unknown,
  ): Promise<unknown> {
    const content = body === undefined ? undefined : Buffer.from(jsonOf(body))
    const answer = await within(
      attempt(() =>
        exchange(host, {
          url: new URL(`${base}${path}`),
          method,
          headers: {
            'maven-api-key': apiKey,
            'x-request-id': crypto.randomUUID(),
            'content-type': 'application/json',
            accept: 'application/json',
          },
          body: content,
        }),
      ),
      DEADLINE_MS,
      deadlineError,
    )
    const text = answer.body.toString()
    if (answer.statusCode !== status) throw statusError(answer.statusCode, messageIn(text))
    return readJson(text)
  }

  function sessionPath(namespace: Name, sessionId: Name): string {
    if (sessionId === NO_SESSION) throw badArgument(`sessionId must not be "${NO_SESSION}"`)
    return `/${segment('namespace', namespace)}/${segment('sessionId', sessionId)}`
  }

  /** Without a session: of the default one. */
  function pathOf(namespace: Name, sessionId: Name | null | undefined): string {
    return sessionPath(namespace, sessionId ?? DEFAULT_SESSION)
  }

  /** What is already gone is no failure, as the published client has it. */
  async function remove(path: string): Promise<void> {
    try {
      await call('DELETE', path, 204)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  async function listNamespaces(): Promise<Namespace[]> {
    const found = (await call('GET', '', 200)) as (Omit<Namespace, 'createdAt'> & {
      createdAt: string | number
    })[]
    return found.map((namespace) => ({ ...namespace, createdAt: new Date(namespace.createdAt) }))
  }

  async function readAll(namespace: Name, sessionId?: Name | null): Promise<Properties> {
    const path = `${pathOf(namespace, sessionId)}/properties`
    return (await call('GET', path, 200)) as Properties
  }

  async function readOne(namespace: Name, name: Name, sessionId?: Name | null) {
    const session = pathOf(namespace, sessionId)
    return call('GET', `${session}/properties/${segment('name', name)}`, 200)
  }

  async function patch(namespace: Name, properties: Properties, sessionId?: Name | null) {
    if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
      throw badArgument('properties must be an object')
    }
    const session = pathOf(namespace, sessionId)
    await call('PATCH', `${session}/properties`, 204, properties)
    return readAll(namespace, sessionId)
  }

  return {
    async createNamespace(wanted: Name, options?: { ttl?: number } | null): Promise<Namespace> {
      // One that no path can name could not be used.
      segment('namespace', wanted)
      const name = String(wanted)
      if (BUILT_IN.includes(name)) throw badArgument('Can not create a built-in namespace')
      const ttl = options?.ttl
      if (ttl !== undefined && !(ttl > 0)) throw badArgument('ttl must be greater than 0')
      await call('POST', ttl === undefined ? '' : `?ttlSecond=${ttl}`, 204, { name })
      const made = (await listNamespaces()).find((namespace) => namespace.name === name)
      return made ?? { name, createdAt: new Date() }
    },
    async deleteNamespace(name: Name): Promise<void> {
      if (BUILT_IN.includes(String(name))) throw badArgument('Can not delete a built-in namespace')
      await remove(`/${segment('namespace', name)}`)
    },
    getListOfNamespaces: listNamespaces,
    setPropertiesInNamespace: patch,
    updatePropertiesInNamespace: patch,
    getAllPropertiesInSession: readAll,
    getPropertyInSession: readOne,
    async getSelectedPropertiesInSession(
      namespace: Name,
      names: Name[],
      sessionId?: Name | null,
    ): Promise<Properties> {
      if (!Array.isArray(names)) throw badArgument('names must be a list')
      const found: Properties = {}
      for (const name of names) {
        try {
          found[name] = await readOne(namespace, name, sessionId)
        } catch (error) {
          if (!isNotFound(error)) throw error
        }
      }
      return found
    },
    async deletePropertyInSession(namespace: Name, name: Name, sessionId?: Name | null) {
      const session = pathOf(namespace, sessionId)
      await remove(`${session}/properties/${segment('name', name)}`)
    },
    async deleteSession(namespace: Name, sessionId: Name): Promise<void> {
      await remove(`${sessionPath(namespace, sessionId)}/properties/`)
    },
    async getListOfSessions(namespace: Name): Promise<string[]> {
      const path = `/${segment('namespace', namespace)}/session-ids`
      const found: string[] = []
      for (let query = ''; ; query = `?after=${encodeURIComponent(found.at(-1) ?? '')}`) {
        const page = (await call('GET', `${path}${query}`, 200)) as string[]
        found.push(...page)
        if (page.length < MAX_LISTED_SESSIONS) return found
      }
    },
  }
}

function zoneOf(): string {
  const zone = environment('CONTEXT_SERVICE_ENVIRONMENT') ?? 'z1'
  if (ZONES.includes(zone)) return zone
  throw new Error(
    `Could not determine ContextService environment: CONTEXT_SERVICE_ENVIRONMENT is "${zone}", and must be one of ${ZONES.join(', ')}`,
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Ids of payloads are numbers, too: `general.sessionId` and `general.visitorId` (`spec/events.md` 2.3). */
function textOf(value: unknown): unknown {
  return Number.isFinite(value) ? String(value) : value
}

function segment(what: string, given: unknown): string {
  const value = textOf(given)
  if (!isText(value)) throw badArgument(`${what} must be a text`)
  return pathSegment(what, value, badArgument)
}

/** Repeats what failed in the network, as long as somebody waits for it. What else failed would fail again. */
async function attempt(send: () => Promise<Answer>): Promise<Answer> {
  const endsAt = performance.now() + DEADLINE_MS
  for (let tries = 0; ; tries += 1) {
    try {
      return await send()
    } catch (error) {
      const code = codeOf(error) ?? ''
      const failure = new SDKError(code || 'ECONNRESET', messageOf(error))
      const pause = PAUSES_MS[tries]
      if (pause === undefined || !REPEATED.has(code)) throw failure
      await new Promise((resolve) => setTimeout(resolve, pause))
      if (performance.now() >= endsAt) throw failure
    }
  }
}

function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch (error) {
    throw badArgument(messageOf(error))
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** The message of the service, in any of the shapes that it uses. */
function messageIn(text: string): string {
  const read = readJson(text)
  if (typeof read === 'string') return read
  const { error, message } = (read ?? {}) as { error?: { message?: unknown }; message?: unknown }
  const found = message ?? error?.message
  return typeof found === 'string' ? found : ''
}
