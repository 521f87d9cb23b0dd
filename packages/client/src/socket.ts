/**
 * The WebSocket that a messaging socket runs on: as much of the standard interface as it needs. The global `WebSocket` of
 * browsers and Node has it, and so has that of the package `ws`, which can send headers.
 */
export interface WebSocketLike {
  readonly readyState: number
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void
}

/** Opens a WebSocket at a `ws:` or `wss:` address. */
export type Connect = (address: string) => WebSocketLike

/** The answer to a request (frame of `kind` "resp"). */
export interface SocketResponse {
  readonly kind: 'resp'
  /** The id of the request. */
  readonly reqId: string | number
  /** As in HTTP: 400 and above is a failure. Absent means 200. */
  readonly code?: number
  readonly type: string
  readonly body: unknown
}

/** What the server sends without being asked, after a subscription (frame of `kind` "notification"). */
export interface SocketNotification {
  readonly kind: 'notification'
  readonly type: string
  readonly body: unknown
}

/** What a request may carry beside its type and body. */
export interface RequestOptions {
  /**
   * Identifies the request, at most 200 characters; made by the socket unless given. The server stores a message once,
   * however often it is sent under one id, on one socket or several.
   */
  id?: string | number | undefined
  headers?: unknown
  metadata?: unknown
  encodedMetadata?: unknown
}

/** The server has answered a request with a code of 400 or above. */
export class SocketRequestError extends Error {
  override name = 'SocketRequestError'
  /** The code of the answer, as in HTTP. */
  readonly code: number
  /** The body of the answer: mostly a text that names the reason. */
  readonly body: unknown

  constructor(type: string, code: number, body: unknown) {
    super(`${type} was answered ${code}: ${JSON.stringify(body)}`)
    this.code = code
    this.body = body
  }
}

/** The socket was closed, or could not be opened. What was not answered may have happened or not. */
export class SocketClosedError extends Error {
  override name = 'SocketClosedError'
  /** The close code of RFC 6455, or one of the protocol's own; 1006 when the connection was lost. */
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.code = code
  }
}

/**
 * One connection to the messaging API: requests with their answers, and notifications. It does not reconnect and has no
 * time limits of its own. Follows the socket protocol of messaging: spec/messaging.md section 3.
 */
export interface MessagingSocket extends Disposable {
  /**
   * Sends a request and resolves with the body of its answer.
   * @throws {SocketRequestError} when the answer has a code of 400 or above
   * @throws {SocketClosedError} when the socket is closed, or is closed before the answer comes
   */
  request<Body = unknown>(type: string, body?: unknown, options?: RequestOptions): Promise<Body>
  /**
   * Sends a request and resolves with its whole answer, whatever its code.
   * @throws {SocketClosedError} when the socket is closed, or is closed before the answer comes
   */
  exchange(type: string, body?: unknown, options?: RequestOptions): Promise<SocketResponse>
  /** Calls `notify` with every notification from now on, until the subscription is disposed. */
  subscribe(notify: (notification: SocketNotification) => void): Disposable
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  /**
   * Gives the connection up, without waiting for a server that may not be reached any more: `closed` resolves now, with 1006, and
   * nothing more is heard of it.
   */
  abandon(): void
}

/** How a messaging socket is opened. */
export interface SocketOptions {
  /** Opens the WebSocket: the global one unless given. */
  connect?: Connect | undefined
  /** Is called with every frame from the server before anything else is done with it. */
  onFrame?: ((frame: SocketResponse | SocketNotification) => void) | undefined
}

interface Pending {
  type: string
  resolve(response: SocketResponse): void
  reject(error: SocketClosedError): void
}

const OPEN = 1
/** The close code of RFC 6455 for a connection that was lost. */
const LOST = 1006

/**
 * Opens a messaging socket.
 * @throws {SocketClosedError} when the server cannot be reached or refuses the connection
 */
export async function openSocket(
  address: string,
  { connect = (url) => new WebSocket(url), onFrame }: SocketOptions = {},
): Promise<MessagingSocket> {
  const socket = connect(address)
  /** By the id of the request. What is sent again under one id is answered again. */
  const pending = new Map<string, Pending[]>()
  const subscribers = new Set<(notification: SocketNotification) => void>()
  const opened = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<number>()
  const idPrefix = newId()
  let lastId = 0
  let isOver = false

  function end(code: number): void {
    if (isOver) return
    isOver = true
    opened.reject(new SocketClosedError(`The socket could not be opened (${code})`, code))
    for (const { type, reject } of [...pending.values()].flat()) {
      reject(
        new SocketClosedError(`The socket was closed (${code}) before ${type} was answered`, code),
      )
    }
    pending.clear()
    closed.resolve(code)
  }

  function notifyAll(notification: SocketNotification): void {
    for (const notify of subscribers) {
      // Each on its own: what one of them throws keeps nothing from the others, and no later frame from the reader of the socket.
      queueMicrotask(() => {
        if (subscribers.has(notify)) notify(notification)
      })
    }
  }

  function answer(response: SocketResponse): void {
    const id = String(response.reqId)
    const [first, ...others] = pending.get(id) ?? []
    if (others.length > 0) pending.set(id, others)
    else pending.delete(id)
    first?.resolve(response)
  }

  socket.addEventListener('message', ({ data }) => {
    if (isOver) return
    const frame = readFrame(String(data))
    onFrame?.(frame)
    if (frame.kind === 'notification') notifyAll(frame)
    else answer(frame)
  })
  socket.addEventListener('open', () => opened.resolve())
  socket.addEventListener('close', ({ code }) => end(code))
  // A `close` event follows, which ends everything; without a listener the package `ws` would throw.
  socket.addEventListener('error', () => undefined)
  await opened.promise

  function exchange(
    type: string,
    body?: unknown,
    { id = `${idPrefix}-${++lastId}`, ...more }: RequestOptions = {},
  ): Promise<SocketResponse> {
    return new Promise((resolve, reject) => {
      if (isOver || socket.readyState !== OPEN) {
        reject(new SocketClosedError(`The socket is closed: ${type} was not sent`, LOST))
        return
      }
      socket.send(JSON.stringify({ kind: 'req', id, type, body, ...more }))
      const sameId = pending.get(String(id)) ?? []
      pending.set(String(id), [...sameId, { type, resolve, reject }])
    })
  }

  return {
    exchange,
    async request<Body>(type: string, body?: unknown, options?: RequestOptions) {
      const { code = 200, body: answer } = await exchange(type, body, options)
      if (code >= 400) throw new SocketRequestError(type, code, answer)
      return answer as Body
    },
    subscribe(notify) {
      subscribers.add(notify)
      return { [Symbol.dispose]: () => void subscribers.delete(notify) }
    },
    closed: closed.promise,
    abandon() {
      end(LOST)
      socket.close()
    },
    [Symbol.dispose]: () => socket.close(),
  }
}

/** By hand and not by a schema: a schema library would double the size of the consumer page. */
function readFrame(text: string): SocketResponse | SocketNotification {
  const frame = JSON.parse(text) as SocketResponse | SocketNotification | null
  if (frame?.kind === 'resp' || frame?.kind === 'notification') return frame
  throw new TypeError(`Not a frame of the messaging protocol: ${text.slice(0, 200)}`)
}

/** A new id for a request, 32 characters. Not `crypto.randomUUID`: browsers have that only on pages loaded over TLS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
