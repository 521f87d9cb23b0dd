import { openLogger, ParleyError, randomIds, systemMonotonic } from '#base/kernel'
import { type Http, openHttp, type OpenHttpDeps } from './open.ts'

/** HTTP alone, with the routes that a test mounts. */
export async function openTestHttp(
  mount: (http: Http) => void,
  given: Partial<Pick<OpenHttpDeps, 'guard' | 'limits' | 'lane'>> = {},
) {
  const http = openHttp({
    logger: openLogger('silent'),
    ids: randomIds(),
    monotonic: systemMonotonic(),
    guard() {
      throw new ParleyError('unauthorized', 'This server has no accounts')
    },
    ...given,
  })
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
