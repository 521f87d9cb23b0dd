import { startTestServer, type TestServer, type TestServerOptions } from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { consoleIsBuilt } from './console.fixture.ts'

/**
 * The server and the browser of the tests of a file, once the console is built. Each test has an account of its own there. Where there
 * is no browser there is neither: the tests leave themselves out.
 * @param options asked when the server starts, after what the file has prepared
 */
export function servedConsole(options: () => TestServerOptions = () => ({})): {
  readonly server: TestServer
  readonly browser: Browser
} {
  let opened: (AsyncDisposable & { server: TestServer; browser: Browser }) | undefined
  beforeAll(async () => {
    if (!hasBrowser) return
    await using stack = new AsyncDisposableStack()
    const server = stack.use(
      await startTestServer({ clock: 'system', hasSampleFunction: true, ...options() }),
    )
    await consoleIsBuilt(server)
    const browser = stack.use(await openBrowser())
    const resources = stack.move()
    opened = { server, browser, [Symbol.asyncDispose]: () => resources.disposeAsync() }
  })
  afterAll(() => opened?.[Symbol.asyncDispose]())
  const get = () => {
    if (!opened) throw new Error('The server of this file has not started')
    return opened
  }
  return {
    get server() {
      return get().server
    },
    get browser() {
      return get().browser
    },
  }
}
