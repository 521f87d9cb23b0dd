import { atCallSite } from './call-site.ts'
import type * as undiciParts from './undici.ts'

type Undici = typeof undiciParts

const FETCH_GLOBALS: Record<string, (undici: Undici) => unknown> = {
  Headers: ({ Headers }) => Headers,
  Request: ({ Request }) => Request,
  Response: ({ Response }) => Response,
  FormData: ({ FormData }) => FormData,
  WebSocket: ({ loadWebSocket }) => loadWebSocket(),
}

/** The symbol by which undici checks whether a stream can still fail. The runtime's streams lack it: a broken download hung. */
const READABLE = Symbol.for('nodejs.stream.readable')
/** The symbol by which undici checks whether a body was used. A stream that was read stays locked. */
const DISTURBED = Symbol.for('nodejs.stream.disturbed')

/** The runtime's own fetch cannot use the tunnel, so undici's replaces it. It is loaded at the first use. */
export function installFetch(): void {
  const undici = () => require('./undici.ts') as Undici
  async function fetch(...given: unknown[]): Promise<unknown> {
    // Captured before anything is waited for: the author's line is on this stack only.
    const call = new Error('fetch')
    Error.captureStackTrace(call, fetch)
    try {
      return await atCallSite(() => undici().fetch(...given))
    } catch (error) {
      throw withCaller(error, call)
    }
  }
  Object.defineProperty(globalThis, 'fetch', {
    value: fetch,
    writable: true,
    configurable: true,
  })
  Object.defineProperties(ReadableStream.prototype, {
    [READABLE]: { get: () => true, configurable: true },
    [DISTURBED]: {
      get(this: ReadableStream) {
        return this.locked
      },
      configurable: true,
    },
  })
  for (const [name, partOf] of Object.entries(FETCH_GLOBALS)) {
    Object.defineProperty(globalThis, name, {
      get: () => partOf(undici()),
      set(value: unknown) {
        Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
      },
      configurable: true,
    })
  }
}

/** undici fails on a stack of its own: the frames of who has called follow it, unless they are there. An author may abort many requests with one error. */
function withCaller(error: unknown, call: Error): unknown {
  const [, ...frames] = String(call.stack).split('\n')
  const [site] = frames
  if (error instanceof Error && site && !error.stack?.includes(site)) {
    // Which may be frozen.
    Reflect.set(error, 'stack', [error.stack, ...frames].join('\n'))
  }
  return error
}
