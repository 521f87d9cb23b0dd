import { SERVICE_LOOK_UP } from '@parley/toolbelt/protocol'
import * as z from 'zod'
import { boundedMap, declareBound } from '#base/bounds'
import { type Logger, type Monotonic, ParleyError } from '#base/kernel'
import type { AdmittedGuest } from '#faas/egress'
import type { HostCallPort } from './open-host-calls.ts'
import type { FunctionVersion, SandboxPorts } from './types.ts'

const Key = z.object({ key: z.string().max(100) })
const Entry = z.object({ key: z.string().max(100), value: z.unknown() })
const Request = z.object({ host: z.string().max(253) })

/** A request to this server: like one through the proxy it is an outgoing call. */
const REQUEST = 'internal.request'

/** What an account may ask of the platform in a second, on this node: so many host calls, or so many bytes in them. */
const CALLS_PER_SECOND = 1_000
const BYTES_PER_SECOND = 4_194_304
/** An account that was quiet may ask so much at once. */
const BURST_MS = 2_000
const ACCOUNTS = declareBound({
  kind: 'map',
  holds: 'accounts whose functions have asked the platform',
  limit: 10_000,
  per: 'node',
  beyond: 'the one whose last question is longest ago is forgotten',
})

interface HostCallDeps {
  logger: Logger
  ports: SandboxPorts
  mayCall: AdmittedGuest['mayCall']
}

/** Of failures of the network, which clients of the toolbelt try again. */
const OF_THE_NETWORK =
  /^E(?:AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|NOTFOUND|PIPE|TIMEDOUT)$/

/** Answers the calls of the toolbelt for the function that an instance runs, whatever the arguments say. */
export function hostCallAnswers(
  { logger, ports, mayCall }: HostCallDeps,
  { accountId, functionId }: FunctionVersion,
): HostCallPort['answer'] {
  const answer: HostCallPort['answer'] = async (kind, args, signal, conversationId) => {
    if (kind === 'secret.read') {
      return ports.readSecret(accountId, functionId, checked(Key, args).key)
    }
    if (kind === 'secret.update') {
      const { key, value } = checked(Entry, args)
      return ports.updateSecret(accountId, functionId, key, value)
    }
    if (kind === REQUEST) {
      const { host } = checked(Request, args)
      if (!(await mayCall({ host, port: 443 }))) {
        throw new ParleyError('rate_limited', 'Too Many Requests')
      }
    }
    return ports.platformCall(accountId, functionId, kind, args, signal, conversationId)
  }
  return async (kind, args, signal, conversationId) => {
    try {
      return await answer(kind, args, signal, conversationId)
    } catch (error) {
      if (error instanceof ParleyError || signal.aborted) throw error
      logger.error({ err: error, accountId, functionId, kind }, 'The platform could not answer')
      throw asSeen(error)
    }
  }
}

/** What a function may see of a failure of the platform: its words name files, addresses and tables of the server. */
function asSeen(cause: unknown): Error {
  const { code } = (cause ?? {}) as { code?: unknown }
  const seen = new Error('The platform could not answer', { cause })
  return typeof code === 'string' && OF_THE_NETWORK.test(code)
    ? Object.assign(seen, { code })
    : seen
}

function checked<T>(schema: z.ZodType<T>, args: unknown): T {
  const read = schema.safeParse(args)
  if (read.success) return read.data
  throw new ParleyError('invalid_request', z.prettifyError(read.error))
}

/**
 * What a version may ask of the platform. A replay reads secrets without a note of it, and looks up services; unless its calls are let
 * out, it does nothing else, whatever its code sends: the answers that it needs are in its process.
 */
export function portsOf(ports: SandboxPorts, { replays }: FunctionVersion): SandboxPorts {
  if (replays === undefined) return ports
  const readSecret: SandboxPorts['readSecret'] = async (accountId, _functionId, key) => {
    if (!ports.peekSecret) return refuse()
    return ports.peekSecret(accountId, key)
  }
  if (replays === 'allowed') return { ...ports, readSecret }
  const platformCall: SandboxPorts['platformCall'] = async (accountId, functionId, kind, ...more) =>
    kind === SERVICE_LOOK_UP ? ports.platformCall(accountId, functionId, kind, ...more) : refuse()
  return {
    internal: () => undefined,
    allowed: () => false,
    refused: () => undefined,
    readSecret,
    updateSecret: refuse,
    platformCall,
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new ParleyError('forbidden', 'A replay changes and asks nothing'))
}

interface Asking {
  bytes: number
  read(): void
}

/** What an account asks of the platform. */
interface Queue {
  /** Until when what was read keeps it busy. */
  busyUntil: number
  waiting: Set<Asking>
  isTimed: boolean
}

/**
 * Lets the host calls of each account through at a bounded rate, in their order: they are read on the thread that serves all.
 * One whose `signal` aborts waits no longer, and takes no time of the account.
 */
export function openHostCallPace(
  monotonic: Monotonic,
): (accountId: string, bytes: number, signal: AbortSignal) => Promise<void> {
  const queues = boundedMap<string, Queue>(ACCOUNTS)

  function queueOf(accountId: string): Queue {
    const known = queues.get(accountId)
    if (known) return known
    const queue = { busyUntil: 0, waiting: new Set<Asking>(), isTimed: false }
    queues.set(accountId, queue)
    return queue
  }

  function readOn(queue: Queue): void {
    const now = monotonic.now()
    for (const asking of queue.waiting) {
      const from = Math.max(queue.busyUntil, now)
      const waitMs = from - now - BURST_MS
      if (waitMs > 0) return readLater(queue, waitMs)
      queue.waiting.delete(asking)
      queue.busyUntil = from + 1_000 / CALLS_PER_SECOND + (1_000 * asking.bytes) / BYTES_PER_SECOND
      asking.read()
    }
  }

  function readLater(queue: Queue, ms: number): void {
    if (queue.isTimed) return
    queue.isTimed = true
    monotonic.after(ms, () => {
      queue.isTimed = false
      readOn(queue)
    })
  }

  return (accountId, bytes, signal) => {
    const queue = queueOf(accountId)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const asking = { bytes, read: resolve }
    queue.waiting.add(asking)
    signal.addEventListener('abort', () => {
      queue.waiting.delete(asking)
      reject(signal.reason)
    })
    readOn(queue)
    return promise
  }
}
