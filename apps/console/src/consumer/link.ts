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
  /** The token is not accepted: trying again would not help. */
  refused(): void
  notified(type: string, body: never): void
}

const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 15_000
const KEEP_ALIVE_MS = 30_000
/** Of whom nothing is heard for so long after a question, nobody is there any more, though the browser may not know it for minutes. */
const SILENT_MS = 20_000
const TOKEN_NEEDED = new Set([4401, 4407])

/** @param introduce says who is there, where the address does not; whether the server accepts it */
export function openLink(
  address: string,
  introduce: (socket: MessagingSocket) => Promise<boolean>,
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

  /** Resolves with the close code, after as long as the connection lasts. */
  async function stayConnected(): Promise<number> {
    const onFrame = () => clearTimeout(silent)
    const opening = await openSocket(address, { connect: connectSocket, onFrame })
    clearTimeout(silent)
    opening.subscribe(({ type, body }) => events.notified(type, body as never))
    const isAccepted = await introduce(opening)
    if (isClosed || !isAccepted) opening[Symbol.dispose]()
    else {
      pause = FIRST_PAUSE_MS
      socket = opening
      events.opened()
    }
    return await opening.closed
  }

  async function connect(): Promise<void> {
    const code = await stayConnected().catch(codeOf)
    clearTimeout(silent)
    socket = undefined
    if (isClosed) return
    if (TOKEN_NEEDED.has(code)) {
      events.refused()
      return
    }
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

function codeOf(error: unknown): number {
  if (error instanceof SocketClosedError) return error.code
  throw error
}

/** As browsers must: they cannot send headers with a handshake. */
export function introduce(headers: object[]) {
  return async (socket: MessagingSocket): Promise<boolean> => {
    const { code = 200 } = await socket.exchange('InitConnection', {}, { headers })
    return code < 400
  }
}
