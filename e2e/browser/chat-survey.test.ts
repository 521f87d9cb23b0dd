import { liveChatAccount, startTestServer } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'

test.skipIf(!hasBrowser)(
  'the form of a survey goes where another tab has sent its answers, and the keyboard goes on from there in both',
  async () => {
    await using server = await startTestServer()
    const { accountId, john, careSkillId, setChat } = await liveChatAccount(server)
    await setChat({ survey: { csatRequired: false, questions: [] } })
    await using browser = await openBrowser()
    const { page } = await openPage(
      browser,
      `${server.url}/consumer/${accountId}?channel=chat&skill=${careSkillId}&language=en-GB`,
    )
    await page.getByLabel('Your name').fill('Ada')
    await page.getByLabel('How can we help?').fill('My parcel is late')
    await page.getByRole('button', { name: 'Start chat' }).click()
    await page.getByText('Waiting for an agent…').waitFor()
    const { chats } = (await john('GET', '/chats')).json<{ chats: { chatId: string }[] }>()
    await john('POST', `/chats/${chats[0]?.chatId}/accept`)
    await john('POST', `/chats/${chats[0]?.chatId}/end`)
    await page.getByRole('radio', { name: '3' }).waitFor()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.getByRole('radio', { name: '4' }).check()

    for (const [tab, rank] of [
      [other, '4'],
      [page, '2'],
    ] as const) {
      await tab.getByRole('radio', { name: rank }).check()
      await tab.getByRole('button', { name: 'Send answers' }).press('Enter')
      await tab.getByText('Thank you for your answers.').waitFor()
      expect(await tab.getByRole('button', { name: 'Send answers' }).count()).toBe(0)
      const again = tab.getByRole('button', { name: 'Start another chat' })
      await expect.poll(() => again.evaluate((button) => button.matches(':focus'))).toBe(true)
    }

    await page.getByText('The survey is submitted: it cannot be changed').waitFor()
    const ended = await john('GET', '/chats?stage=ended')
    expect(ended.json<{ chats: object[] }>().chats[0]).toMatchObject({ csatRank: 4 })
  },
)
