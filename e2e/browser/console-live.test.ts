import { anotherScene, call } from '@parley/server/testing'
import { test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, heading } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'what somebody else changes stands on an open page by itself',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/secrets')
    const { page } = opened
    await heading(page, 'Secrets and environment')
    // The page reads secrets once, and again only when it is told of a change.
    await call(scene, 'POST', 'secrets', { name: 'of-a-colleague', value: 'x' })
    await page.getByText('of-a-colleague').waitFor()
  },
)
