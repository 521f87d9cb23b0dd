import {
  type MessagingSocket,
  openSocket,
  type RequestOptions,
  SocketClosedError,
} from '@parley/client/socket'

/** A connection to the messaging service that reconnects by itself. */
export interface Link {
  /** Rejects with `SocketRequestError` when the server refuses, with `SocketClosedError` when the connection is lost. */
  request<Body>(type: string, body: unknown, options?: RequestOptions): Promise<Body>
  close(): void
}

export interface LinkEvents {
  /** The socket is open and its user is known; called again after every reconnection. */
  opened(): void
  lost(): void
  /** The token is not accepted. Resolves whether it may be accepted later: then it is tried again. */
  refused(): Promise<boolean>
  notified(type: string, body: never): void
}

const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 15_000
const KEEP_ALIVE_MS = 30_000
/** Of whom nothing is heard for so long after a question, nobody is there any more, though the browser may not know it for minutes. */
const SILENT_MS = 20_000
/** Close codes: the token of the address is not accepted. */
const TOKEN_NEEDED = new Set([4401, 4407])
const ACCEPTED = 200
/** Of an introduction. */
const UNAUTHORIZED = 401

/**
 * @param introduce says who is there, where the address does not: resolves to the code of the answer, as in HTTP. A close code says
 *   less then: whole accounts, and who is silent for long, are sent away with the same one.
 */
export function openLink(
  address: string,
  introduce: ((socket: MessagingSocket) => Promise<number>) | undefined,
  events: LinkEvents,
): Link {
  let socket: MessagingSocket | undefined
  let pause = FIRST_PAUSE_MS
  let isClosed = false
  let silent: ReturnType<typeof setTimeout> | undefined

  function connectSocket(url: string): WebSocket {
    const opening = new WebSocket(url)
    silent = setTimeout(() => opening.close(), SILENT_MS)
    return opening
  }

  async function request<Body>(
    type: string,
    body: unknown,
    options?: RequestOptions,
  ): Promise<Body> {
    if (!socket) throw new SocketClosedError('There is no connection', 1006)
    return await socket.request<Body>(type, body, options)
  }

  /** Resolves whether the token was refused, after as long as the connection lasts. */
  async function stayConnected(): Promise<boolean> {
    const onFrame = () => clearTimeout(silent)
    const opening = await openSocket(address, { connect: connectSocket, onFrame })
    clearTimeout(silent)
    opening.subscribe(({ type, body }) => events.notified(type, body as never))
    const answer = introduce ? await introduce(opening) : ACCEPTED
    if (isClosed || answer >= 400) opening[Symbol.dispose]()
    else {
      pause = FIRST_PAUSE_MS
      socket = opening
      events.opened()
    }
    const code = await opening.closed
    return introduce ? answer === UNAUTHORIZED : TOKEN_NEEDED.has(code)
  }

  async function connect(): Promise<void> {
    const isRefused = await stayConnected().catch(isLost)
    clearTimeout(silent)
    socket = undefined
    if (isClosed || (isRefused && !(await events.refused())) || isClosed) return
    events.lost()
    setTimeout(() => void connect(), pause * (0.5 + Math.random()))
    pause = Math.min(pause * 2, MAX_PAUSE_MS)
  }

  const keepAlive = setInterval(() => {
    const asked = socket
    if (!asked) return
    silent = setTimeout(asked.abandon, SILENT_MS)
    // The end of a lost connection is handled by `connect`.
    request('GetClock', {}).catch((error: unknown) => {
      if (!(error instanceof SocketClosedError)) throw error
    })
  }, KEEP_ALIVE_MS)
  void connect()
  return {
    request,
    close() {
      isClosed = true
      clearInterval(keepAlive)
      clearTimeout(silent)
      socket?.[Symbol.dispose]()
    },
  }
}

/** Nothing was said of the token. */
function isLost(error: unknown): false {
  if (error instanceof SocketClosedError) return false
  throw error
}

/** As browsers must: they cannot send headers with a handshake. */
export function introduce(headers: object[]) {
  return async (socket: MessagingSocket): Promise<number> => {
    const { code = ACCEPTED } = await socket.exchange('InitConnection', {}, { headers })
    return code
  }
}
