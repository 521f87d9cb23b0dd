import { startTestServer } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'

const OPERATOR_KEY = 'the-key-of-the-operator-in-tests-1'

test.skipIf(!hasBrowser)(
  'a conversation goes on in its page once the account, which was suspended, is resumed',
  async () => {
    await using server = await startTestServer({ env: { PARLEY_OPERATOR_KEY: OPERATOR_KEY } })
    const operate = (method: string) =>
      server.request(method, `/api/v1/operator/accounts/${server.accountId}/suspension`, {
        bearer: OPERATOR_KEY,
        ...(method === 'PUT' && { body: {} }),
      })
    await using browser = await openBrowser()
    const { page } = await openPage(
      browser,
      `${server.url}/consumer/${server.accountId}?skill=1001`,
    )
    const say = async (text: string) => {
      await page.getByRole('textbox', { name: 'Write a message' }).fill(text)
      await page.keyboard.press('Enter')
      await page.getByText(text).waitFor()
      await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    }
    await say('Hello, is anybody there?')

    expect((await operate('PUT')).status).toBe(200)
    await page.getByText('The connection was lost.').waitFor()
    expect((await operate('DELETE')).status).toBe(200)

    await say('Are you back?')
    await page.reload()
    for (const text of ['Hello, is anybody there?', 'Are you back?']) {
      await page.getByText(text).waitFor()
    }
  },
)
