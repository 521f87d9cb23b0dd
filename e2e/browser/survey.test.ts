import { openAgentSocket, startTestServer } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { axeFindings } from './axe.fixture.ts'
import { hasBrowser, openBrowser, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'

test.skipIf(!hasBrowser)(
  'a consumer takes the survey after a conversation in the page',
  async () => {
    await using server = await startTestServer()
    const surveys = `/api/v1/accounts/${server.accountId}/surveys`
    const definition = {
      name: 'After service',
      greeting: 'Two questions, please',
      thankYou: 'Thanks for answering',
      fallback: 'Please choose one of the answers',
      questions: [
        { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' },
        { id: 'why', kind: 'free-text', text: 'What could be better?' },
      ],
    }
    const created = await server.request('POST', surveys, {
      bearer: server.adminBearer,
      body: definition,
    })
    const { surveyId } = created.json<{ surveyId: number }>()
    const assigned = await server.request('PUT', `${surveys}/${surveyId}/skills`, {
      bearer: server.adminBearer,
      body: { skillIds: ['1001'] },
    })
    expect(assigned.status).toBeLessThan(300)
    await using agent = await openAgentSocket(server, server.agents[0]!)
    await agent.goOnline()
    await using browser = await openBrowser()
    const { page, problems } = await openPage(
      browser,
      `${server.url}/consumer/${server.accountId}?skill=1001`,
    )

    const composer = page.getByRole('textbox', { name: 'Write a message' })
    await composer.fill('Hello')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    const conversationId = await ringingConversation(agent)
    await agent.accept(conversationId)
    await agent.say(conversationId, 'All done')
    await page.getByText('All done').waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('button', { name: 'End conversation' }).click()
    await page.getByRole('button', { name: 'Yes, end it' }).click()

    await page.getByText('How satisfied are you?').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await composer.fill('Rather')
    await page.keyboard.press('Enter')
    await page.getByText('Please choose one of the answers').waitFor()
    await page.getByRole('group', { name: 'Quick replies' }).getByRole('button').last().click()
    await page.getByText('What could be better?').waitFor()
    await composer.fill('Nothing')
    await page.keyboard.press('Enter')
    await page.getByText('Thanks for answering').waitFor()
    await page.getByText('This conversation has ended.').waitFor()
    expect(problems).toEqual([])
  },
)
