import { anotherScene, call } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt, visitorAt } from './workspace.fixture.ts'

const OPERATOR_KEY = 'the-key-of-the-operator-in-browsers'

const served = servedConsole(() => ({ env: { PARLEY_OPERATOR_KEY: OPERATOR_KEY } }))

test.skipIf(!hasBrowser)(
  'agent, consumer and visitor of an account that is suspended go on where they were when it is back',
  async () => {
    const { server, browser } = served
    const scene = await anotherScene(server)
    const [skillId = ''] = scene.skillIds
    await call(scene, 'PUT', 'chat-settings', { survey: {} })
    await using talk = await talkAt(browser, scene, 'is anybody there', { isCut: true })
    const { consumer, page, log } = talk
    await using visitor = await visitorAt(browser, scene, skillId, {
      name: 'Grace',
      text: 'My parcel is late',
    })
    const path = `/api/v1/operator/accounts/${scene.accountId}/suspension`
    const asOperator = async (method: 'PUT' | 'DELETE') => {
      const { status } = await server.request(method, path, {
        bearer: OPERATOR_KEY,
        ...(method === 'PUT' && { body: {} }),
      })
      expect(status).toBe(200)
    }
    const lost = [
      consumer.page.getByText('The connection was lost.'),
      visitor.page.getByText('The connection was lost.'),
      page.getByText('The connection is lost.'),
    ]

    await asOperator('PUT')
    for (const banner of lost) await banner.waitFor()
    await asOperator('DELETE')
    for (const banner of lost) await banner.waitFor({ state: 'detached' })
    await consumer.write('we are back')
    await log.getByText('we are back').waitFor()
    await visitor.page.getByText('My parcel is late').waitFor()
    await visitor.page.getByText('Waiting for an agent…').waitFor()
  },
)
