import { join } from 'node:path'
import { anotherScene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { check, consoleAt, go, heading } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { consumerAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

const PIZZA = join(import.meta.dirname, '../builder-bots/pizza.json')
const WELCOME = 'First conversation of a consumer'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const said = (page: Page, text: string) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

test.skipIf(!hasBrowser)(
  'an administrator sets up a skill, its hours, a message, a survey and a bot; a consumer and an agent in browsers of their own meet all of it',
  async () => {
    const scene = await anotherScene(served.server)
    await using consumers = await openBrowser()
    await using agents = await openBrowser()
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const keyboard = keyboardOf(page)

    await go(page, 'Skills and hours')
    await keyboard.press(button(page, 'New skill'))
    await keyboard.write(page.getByLabel('Name', { exact: true }), 'Kitchen')
    await keyboard.press(button(page, 'Save'))
    await said(page, 'The skill Kitchen has been added.')
    await keyboard.press(page.getByRole('button', { name: 'Hours of Kitchen' }))
    await keyboard.press(button(page, 'Set hours'))
    // Open today, whatever day and time it is.
    const today = new Date().toISOString().slice(0, 10)
    await keyboard.write(page.getByLabel('Time zone'), 'UTC')
    await keyboard.press(button(page, 'Add a day'))
    await page.getByLabel('Date', { exact: true }).fill(today)
    await keyboard.press(button(page, `Add hours on ${today}`))
    await page.getByLabel(`${today}, hours 1, from`).fill('00:00')
    await page.getByLabel(`${today}, hours 1, to`).fill('00:00')
    await keyboard.press(button(page, 'Save'))
    await said(page, 'The hours of Kitchen are set.')

    await go(page, 'Users')
    await keyboard.press(button(page, 'Edit Agent 1'))
    await keyboard.press(page.getByRole('dialog').getByLabel('Kitchen'), 'Space')
    await keyboard.press(button(page, 'Save'))
    await said(page, 'Agent 1 is changed.')

    await go(page, 'Auto messages')
    await keyboard.press(page.getByRole('button', { name: `Change: ${WELCOME}` }))
    await keyboard.write(
      page.getByRole('textbox', { name: 'Text', exact: true }),
      'The oven is hot. Hello!',
    )
    await keyboard.press(button(page, 'Save'))
    await page.getByText(`${WELCOME}: saved.`).waitFor()

    await go(page, 'Surveys')
    await keyboard.press(button(page, 'New survey'))
    await keyboard.write(page.getByRole('textbox', { name: 'Name' }), 'After the meal')
    await keyboard.write(page.getByRole('textbox', { name: 'Closing message' }), 'Come again!')
    await keyboard.press(button(page, 'Create'))
    await heading(page, 'After the meal')
    const skillsOf = page.getByRole('group', { name: 'Skills' })
    await keyboard.press(skillsOf.getByRole('checkbox', { name: 'Kitchen' }), 'Space')
    await keyboard.press(button(page, 'Save skills'))
    await page.getByText('The skills are saved.').waitFor()

    await go(page, 'Bots')
    await keyboard.press(button(page, 'Import a bot'))
    await page.getByLabel('Export file').setInputFiles(PIZZA)
    await keyboard.press(page.getByRole('dialog').getByRole('button', { name: 'Import' }))
    await heading(page, 'Pizza')
    await keyboard.press(page.getByRole('navigation').getByRole('button', { name: 'Settings' }))
    await keyboard.press(page.getByRole('checkbox', { name: 'Kitchen' }).first(), 'Space')
    await keyboard.press(button(page, 'Save'))
    await page.getByText('Saved.', { exact: true }).waitFor()
    await keyboard.press(button(page, 'Start'))
    await page.getByText('Online', { exact: true }).waitFor()

    // The bot answers, behind the message.
    await go(page, 'Skills and hours')
    const { skills } = (
      await scene.request('GET', `/api/v1/accounts/${scene.accountId}/skills`, {
        bearer: scene.adminBearer,
      })
    ).json<{ skills: { skillId: string; name: string }[] }>()
    const skillId = skills.find(({ name }) => name === 'Kitchen')?.skillId ?? ''
    await using consumer = await consumerAt(consumers, scene, skillId)
    await consumer.write('hello')
    await consumer.page.getByText('The oven is hot. Hello!').waitFor()
    await consumer.page.getByText(/You said: hello/).waitFor()

    // Once the bot is stopped, an agent of that skill gets the next one; the survey follows.
    await go(page, 'Bots')
    await keyboard.press(page.getByRole('link', { name: 'Pizza' }))
    await keyboard.press(button(page, 'Stop'))
    await page.getByText('Stopped', { exact: true }).waitFor()
    await using agent = await workspaceAt(agents, scene, scene.agents[0]!)
    await agent.page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using other = await consumerAt(consumers, scene, skillId)
    await other.write('are you a person')
    await agent.page.getByRole('button', { name: /^Accept/ }).press('Enter')
    const field = agent.page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('Indeed.')
    await field.press('Enter')
    await other.page.getByText('Indeed.').waitFor()
    await other.page.getByRole('button', { name: 'More' }).click()
    await other.page.getByRole('button', { name: 'End conversation' }).click()
    await other.page.getByRole('button', { name: 'Yes, end it' }).click()
    const replies = other.page.getByRole('group', { name: 'Quick replies' })
    await replies.getByRole('button').last().click()
    await other.page.getByText('Come again!').waitFor()

    await go(page, 'Surveys')
    await keyboard.press(page.getByRole('link', { name: 'After the meal' }))
    const parts = page.getByRole('navigation', { name: 'Parts of this page' })
    await keyboard.press(parts.getByRole('button', { name: 'Results' }))
    await page
      .getByRole('row', { name: /Kitchen/ })
      .first()
      .waitFor()
    await check(page, 'console-survey-results')
    expect(await page.getByText('No survey was sent in this time.').count()).toBe(0)
  },
)
