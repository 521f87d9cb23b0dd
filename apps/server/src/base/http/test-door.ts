import { openLogger, randomIds, systemMonotonic } from '#base/kernel'
import type { HttpLimits } from './limits.ts'
import { type Http, openHttp } from './open.ts'

/** The doors alone, with what a test mounts behind them. */
export async function openDoor(mount: (http: Http) => void, limits?: Partial<HttpLimits>) {
  const http = openHttp(
    { logger: openLogger('silent'), ids: randomIds(), monotonic: systemMonotonic() },
    limits,
  )
  mount(http)
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${port}`
  return {
    port,
    http,
    fetch: (path: string, init?: RequestInit) => fetch(`${url}${path}`, init),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }
}
