import { anotherScene, call, lambdasOf, type Scene } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

// Somebody else changes the same thing meanwhile.

const answering = (text: string) =>
  `function lambda(input, callback) { callback(null, { text: '${text}' }) }`

const served = servedConsole()

/** A colleague saves another source, which is a new version. */
function saveBeside(scene: Scene, functionId: string, version: number, text: string) {
  return call(scene, 'PUT', `functions/${functionId}`, { version, code: answering(text) })
}

test.skipIf(!hasBrowser)(
  'what somebody saves while a deployment is looked at is shown before it is deployed',
  async () => {
    const scene = await anotherScene(served.server)
    const functionId = await lambdasOf(scene).deployed(answering('one'), { name: 'greeter' })
    await saveBeside(scene, functionId, 1, 'two')
    const live = async () =>
      (await call<{ liveVersion: number }>(scene, 'GET', `functions/${functionId}`)).liveVersion
    await using opened = await consoleAt(served.browser, scene, `/functions/${functionId}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Deploy', exact: true }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Version 2 will run').waitFor()
    await saveBeside(scene, functionId, 2, 'three')
    const deploy = dialog.getByRole('button', { name: 'Deploy', exact: true })
    await deploy.press('Enter')
    await dialog.getByText('the newest is 3').waitFor()
    expect(await live()).toBe(1)

    await dialog.getByText('Version 3 will run').waitFor()
    await deploy.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await live()).toBe(3)
  },
)
