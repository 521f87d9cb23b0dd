import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openLogger, ParleyError, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import { openTls, type Tls } from '#base/tls'
import { type Http, openHttp, type OpenHttpDeps } from './open.ts'

/** HTTP alone, with the routes that a test mounts. */
export async function openTestHttp(
  mount: (http: Http) => void,
  given: Partial<Pick<OpenHttpDeps, 'guard' | 'limits' | 'lane' | 'logger'>> = {},
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

/** What a listener of TLS is given, with certificates of this test alone. */
export async function openTestTls(wallClock = systemClock()): Promise<Tls['options']> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const tls = await openTls({ logger: openLogger('fatal'), wallClock }, { folder, names: [] })
  onTestFinished(() => tls[Symbol.dispose]())
  return tls.options
}
