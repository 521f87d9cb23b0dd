import {
  anotherScene,
  call,
  liveChatAccount,
  openAgentSocket,
  openConsumerSocket,
} from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser, openPage } from './browser.fixture.ts'
import { axeFindings } from './axe.fixture.ts'
import { check, consoleAt } from './console.fixture.ts'
import { takePicture } from './pictures.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt, workspaceAt } from './workspace.fixture.ts'

const served = servedConsole()

/** As from the clipboard: a script may put more into a field than its user. */
const paste = (text: string) => `document.execCommand('insertText', false, ${JSON.stringify(text)})`

test.skipIf(!hasBrowser)(
  'nothing is cut off what is too long for a message: agents and consumers are told by how much',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene)
    const { page, field, consumer } = talk
    const end = 'the end of it'
    const long = 'word '.repeat(1_700) + end
    await field.focus()
    await page.evaluate(paste(long))
    await page.getByText('Too long for a message: 513 characters too many.').waitFor()
    expect(await field.inputValue()).toBe(long)
    await check(page, 'workspace-too-long')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
    expect(await field.inputValue()).toBe(long)
    await field.fill(end)
    await field.press('Enter')
    await consumer.page.getByText(end, { exact: true }).waitFor()

    const told = consumer.page.getByText('Too long for a message: 513 characters too many.')
    await consumer.field.focus()
    await consumer.page.evaluate(paste(long))
    await told.waitFor()
    await consumer.field.press('Enter')
    expect(await consumer.field.inputValue()).toBe(long)
    await takePicture(consumer.page, 'consumer-too-long')
    expect(await axeFindings(consumer.page)).toEqual([])
    await consumer.write('a short one')
    await talk.log.getByText('a short one').waitFor()
    expect(await told.count()).toBe(0)
  },
)

test.skipIf(!hasBrowser)(
  'a text that is too long for a field of a form stays whole, and is not sent until it fits',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/skills')
    const { page } = opened
    await page.getByRole('button', { name: 'New skill' }).press('Enter')
    await page.getByLabel('Name', { exact: true }).fill('Billing')
    const description = page.getByLabel('Description')
    await description.focus()
    await page.evaluate(paste('x'.repeat(1_001)))
    const told = page.getByText('Too long: 1 character too many.')
    await told.waitFor()
    await check(page, 'console-too-long')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    expect(await description.inputValue()).toHaveLength(1_001)
    await description.press('Backspace')
    await told.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('The skill Billing has been added.').waitFor()
    const { skills } = await call<{ skills: { description?: string }[] }>(scene, 'GET', 'skills')
    expect(skills.map((one) => one.description?.length)).toContain(1_000)
  },
)

test.skipIf(!hasBrowser)(
  'a name, an e-mail address or a question that the server would not take starts no chat, and stays whole',
  async () => {
    const { server } = served
    const { accountId, careSkillId } = await liveChatAccount(server)
    const { page } = await openPage(
      served.browser,
      `${server.url}/consumer/${accountId}?channel=chat&skill=${careSkillId}&language=en-GB`,
    )
    for (const [label, tooLong, fitting] of [
      ['Your name', 'x'.repeat(202), 'Ada'],
      ['Your e-mail address', `${'x'.repeat(245)}@parley.dev`, 'ada@parley.dev'],
      ['How can we help?', 'x'.repeat(8_002), 'My parcel is late'],
    ] as const) {
      const field = page.getByLabel(label)
      await field.focus()
      await page.evaluate(paste(tooLong))
      const why = () => field.evaluate((one: HTMLInputElement) => one.validationMessage)
      expect(await why()).toBe('Too long: 2 characters too many.')
      await page.getByRole('button', { name: 'Start chat' }).click()
      expect(await field.inputValue()).toBe(tooLong)
      await field.fill(fitting)
    }
    const email = page.getByLabel('Your e-mail address')
    await email.fill('me@localhost')
    await page.getByRole('button', { name: 'Start chat' }).click()
    const isRefused = (field: HTMLInputElement) => field.validity.patternMismatch
    expect(await email.evaluate(isRefused)).toBe(true)
    await email.fill("o'ne.two+3@a-b.parley.dev")
    await page.getByRole('button', { name: 'Start chat' }).click()
    await page.getByText('Waiting for an agent…').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'the name of a skill or a user that is one very long word covers no other column',
  async () => {
    const scene = await anotherScene(served.server)
    const long = 'W'.repeat(80)
    await call(scene, 'POST', 'skills', { name: long })
    await call(scene, 'POST', 'users', { loginName: 'ada', nickname: long, role: 'agent' })
    await using opened = await consoleAt(served.browser, scene, '/skills')
    const { page } = opened
    for (const path of ['/skills', '/users']) {
      await page.goto(`${scene.url}/console/${scene.accountId}${path}`)
      const name = page.getByRole('row').getByRole('button', { name: long }).first()
      await name.waitFor()
      const ends = await name.evaluate((one) =>
        [one, one.closest('td, th')].map((box) => box?.getBoundingClientRect().right ?? 0),
      )
      expect(ends[0]).toBeLessThanOrEqual(ends[1] ?? 0)
    }
  },
)

/** An account whose agent and first skill have long names, of one word and of several. */
async function longNames() {
  const scene = await anotherScene(served.server)
  const [user] = scene.agents
  if (!user) throw new Error('The account has no agent')
  const nickname = 'W'.repeat(80)
  const skill = `${'several words '.repeat(5)}of a name`
  const loginName = `${'w'.repeat(48)}@parley.dev`
  await call(scene, 'PATCH', `skills/${scene.skillIds[0]}`, { name: skill })
  const { users } = await call<{ users: { userId: string; loginName: string }[] }>(
    scene,
    'GET',
    'users',
  )
  const userId = users.find((one) => one.loginName === user.user)?.userId
  await call(scene, 'PATCH', `users/${userId}`, { nickname, loginName })
  return {
    scene: Object.assign(scene, { agents: [{ ...user, user: loginName }] }),
    nickname,
    skill,
    loginName,
  }
}

test.skipIf(!hasBrowser)(
  'the workspace of an agent with a long login name is no wider than its window',
  async () => {
    const { scene, loginName } = await longNames()
    await using opened = await workspaceAt(served.browser, scene, scene.agents[0]!)
    const { page } = opened
    const menu = page.getByRole('button', { name: `Menu of ${loginName}` })
    await menu.waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    const endOf = (one: Element) => one.getBoundingClientRect().right
    const alerts = await page.getByRole('button', { name: 'Alerts' }).evaluate(endOf)
    expect(alerts).toBeLessThanOrEqual(
      await menu.evaluate((one) => one.getBoundingClientRect().left),
    )
  },
)

test.skipIf(!hasBrowser)(
  'a consumer reads the whole name of an agent, however long it is',
  async () => {
    const { scene, nickname } = await longNames()
    await using talk = await talkAt(served.browser, scene)
    await talk.field.fill('Hello')
    await talk.field.press('Enter')
    const { page } = talk.consumer
    await page.getByText('Hello', { exact: true }).waitFor()
    // Above the conversation, and beside what was written.
    const shown = page.getByText(nickname)
    await expect.poll(() => shown.count()).toBeGreaterThan(1)
    const beyond = await shown.evaluateAll((all) =>
      all.map((one) => one.scrollWidth - one.clientWidth),
    )
    expect(Math.max(...beyond)).toBe(0)
  },
)

test.skipIf(!hasBrowser)('long names on the board stay in their columns', async () => {
  const { scene, nickname, skill } = await longNames()
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  await using consumer = await openConsumerSocket(scene)
  await consumer.openConversation({ skillId: scene.skillIds[0] ?? '' })
  await using opened = await consoleAt(served.browser, scene, '/board')
  for (const text of [nickname, skill]) {
    const name = opened.page.getByRole('rowheader').getByText(text, { exact: true })
    const beyond = await name.evaluate((one) => {
      // What is written: the box around it may be narrower.
      const written = document.createRange()
      written.selectNodeContents(one)
      const { right = 0 } = one.closest('th')?.getBoundingClientRect() ?? {}
      return written.getBoundingClientRect().right - right
    })
    expect(beyond).toBeLessThanOrEqual(0)
  }
})
