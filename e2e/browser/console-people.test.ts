import { anotherScene, call, login, type Scene } from '@parley/server/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, go, heading, pick } from './console.fixture.ts'
import { keyboardOf } from './keyboard.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

const PASSWORD = 'seven wet umbrellas'
const MANY = 2_000

const said = (page: Page, text: string) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

async function userNamed(scene: Scene, wanted: string) {
  const { users } = await call<{
    users: { loginName: string; userId: string; skillIds: string[]; maxSlots: number }[]
  }>(scene, 'GET', 'users')
  return users.find(({ loginName }) => loginName === wanted)
}

test.skipIf(!hasBrowser)(
  'an administrator sets up a skill, hours and a user from nothing, by the keyboard alone',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    const keyboard = keyboardOf(page)
    const button = (name: string) => page.getByRole('button', { name, exact: true })

    await go(page, 'Skills and hours')
    await heading(page, 'Skills and hours')
    await keyboard.press(button('New skill'))
    await keyboard.write(page.getByLabel('Name', { exact: true }), 'Billing')
    await keyboard.write(page.getByLabel('Description'), 'Invoices and refunds')
    await keyboard.press(button('Save'))
    await said(page, 'The skill Billing has been added.')
    const { skills } = await call<{ skills: { skillId: string; name: string }[] }>(
      scene,
      'GET',
      'skills',
    )
    const billing = skills.find(({ name }) => name === 'Billing')?.skillId ?? ''

    await keyboard.press(page.getByRole('button', { name: 'Hours of Billing' }))
    await page.getByText('No hours are set').waitFor()
    await keyboard.press(button('Set hours'))
    await keyboard.write(page.getByLabel('Time zone'), 'Europe/Nowhere')
    await keyboard.press(button('Save'))
    await page.getByRole('alert').getByText('must be a time zone').first().waitFor()
    await keyboard.write(page.getByLabel('Time zone'), 'Europe/Berlin')
    await keyboard.press(button('Remove hours 1 of Monday'))
    await keyboard.press(button('Monday’s hours on all working days'))
    await keyboard.press(button('Add a day'))
    await page.getByLabel('Date', { exact: true }).fill('2030-12-25')
    await keyboard.write(page.getByLabel('Its name', { exact: true }), 'Christmas')
    await check(page, 'console-hours')
    await keyboard.press(button('Add a day'))
    const again = page.getByLabel('Date', { exact: true }).nth(1)
    await again.fill('2030-12-25')
    await keyboard.press(button('Save'))
    await page.getByText('must not name a date twice').first().waitFor()
    expect(await again.getAttribute('aria-invalid')).toBe('true')
    await keyboard.press(button('Delete 2030-12-25').nth(1))
    await keyboard.press(button('Save'))
    await said(page, 'The hours of Billing are set.')
    await page.getByText('does not open within 30 days').first().waitFor()
    const { calendars } = await call<{ calendars: unknown[] }>(scene, 'GET', 'calendars')
    expect(calendars).toMatchObject([
      {
        owner: billing,
        calendar: {
          timeZone: 'Europe/Berlin',
          week: { monday: [], friday: [] },
          specialDays: [{ date: '2030-12-25', name: 'Christmas', shifts: [] }],
        },
      },
    ])

    await go(page, 'Users')
    await heading(page, 'Users and roles')
    await keyboard.press(button('New user'))
    const dialog = page.getByRole('dialog')
    const loginName = dialog.getByLabel('Login name', { exact: true })
    await keyboard.write(loginName, scene.admin.user)
    await keyboard.press(button('Save'))
    await dialog.getByText(/^the login name .* is taken$/).waitFor()
    expect(await loginName.getAttribute('aria-invalid')).toBe('true')
    await keyboard.write(loginName, 'grace')
    await keyboard.write(dialog.getByLabel('Nickname'), 'Grace')
    await keyboard.write(dialog.getByLabel('Password'), PASSWORD)
    await keyboard.choose(dialog.getByRole('button', { name: 'Role' }), /Agent manager/)
    await keyboard.press(dialog.getByLabel('Writes functions'), 'Space')
    await keyboard.write(dialog.getByLabel('Conversations at once'), '4')
    await keyboard.press(dialog.getByLabel('Billing'), 'Space')
    await check(page, 'console-user')
    await keyboard.press(button('Save'))
    await said(page, 'Grace has been added.')
    expect(await userNamed(scene, 'grace')).toMatchObject({ maxSlots: 4, skillIds: [billing] })
    const { bearer } = await login(scene, { user: 'grace', password: PASSWORD })

    await keyboard.choose(button('More for Grace'), /Log out everywhere/)
    await keyboard.press(button('Log out everywhere'))
    await said(page, 'Grace is logged out everywhere.')
    const caller = `/api/v1/accounts/${scene.accountId}/caller`
    await expect.poll(async () => (await scene.request('GET', caller, { bearer })).status).toBe(401)
    await keyboard.choose(button('More for Grace'), /Disable/)
    await keyboard.press(button('Disable'))
    await said(page, 'Grace is disabled and logged out.')
    await page.getByRole('row', { name: /Grace/ }).getByText('Disabled').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'who may not administrate reads, and is offered nothing else; the API refuses it',
  async () => {
    const scene = await anotherScene(served.server)
    const agent = scene.agents[0]
    await using opened = await consoleAt(served.browser, scene, '/users', { user: agent })
    const { page } = opened
    await page.getByRole('rowheader', { name: /Agent 1/ }).waitFor()
    const buttons = () => page.locator('main').getByRole('button').allTextContents()
    expect((await buttons()).join(' ')).not.toMatch(/New user|Agent 1/)
    expect(await page.getByRole('button', { name: /^(More|Edit)/ }).count()).toBe(0)
    await go(page, 'Skills and hours')
    await page.getByRole('rowheader', { name: /Sales/ }).waitFor()
    expect(await page.getByRole('button', { name: /^(New|Set|Delete|Edit|Change)/ }).count()).toBe(
      0,
    )
    const { bearer } = await login(scene, agent)
    const base = `/api/v1/accounts/${scene.accountId}`
    const refused = [
      await scene.request('POST', `${base}/users`, { bearer, body: { loginName: 'eve' } }),
      await scene.request('POST', `${base}/skills`, { bearer, body: { name: 'Eve' } }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403])
  },
)

test.skipIf(!hasBrowser)('one of 2,000 users is found by a part of the name', async () => {
  const scene = await anotherScene(served.server)
  const { db } = served.server.context.store
  const now = new Date()
  const rows = Array.from({ length: MANY }, (_, index) => ({
    accountId: scene.accountId,
    userId: String(700_000 + index),
    pid: crypto.randomUUID(),
    loginName: `person-${index}@shop.example`,
    nickname: `Person ${index}`,
    fullName: `Person Number ${index}`,
    kind: 'human' as const,
    role: index % 10 === 0 ? ('agent-manager' as const) : ('agent' as const),
    profiles: [],
    maxSlots: 5,
    enabled: index % 7 !== 0,
    createdAt: now,
    updatedAt: now,
  }))
  for (let at = 0; at < rows.length; at += 500) {
    await db
      .insertInto('accountUser')
      .values(rows.slice(at, at + 500))
      .execute()
  }
  served.server.context.accounts.readAgain(scene.accountId)
  await using opened = await consoleAt(served.browser, scene, '/users')
  const { page } = opened
  await page.getByText(`1 to 50 of 2,003`).waitFor()
  await check(page, 'console-users')
  await page.getByRole('button', { name: 'Next' }).press('Enter')
  await page.getByText('51 to 100 of 2,003').waitFor()
  await page.getByLabel('Name, login name or e-mail').fill('person 1234')
  await page.getByRole('rowheader', { name: /Person 1234/ }).waitFor()
  expect(new URL(page.url()).searchParams.get('name')).toBe('person 1234')
  await page.getByRole('button', { name: 'Show' }).press('Enter')
  await pick(page, { name: 'Roles and rights' })
  await page.getByRole('row', { name: /account:write/ }).waitFor()
  await check(page, 'console-roles')
})

test.skipIf(!hasBrowser)(
  'the first administrator is led through the set-up, leaves it, and takes it up again elsewhere',
  async () => {
    const scene = await anotherScene(served.server)
    const admin = { user: scene.admin.user, password: PASSWORD }
    {
      await using opened = await consoleAt(served.browser, scene, '/home')
      const { page } = opened
      const keyboard = keyboardOf(page)
      const button = (name: string) => page.getByRole('button', { name, exact: true })
      await page.getByText('0 of 4 steps are done.').waitFor()
      await keyboard.press(page.getByRole('link', { name: 'Set it up' }))
      await heading(page, 'Set up this account')
      await keyboard.write(page.getByLabel('Password now'), 'a wrong password')
      await keyboard.write(page.getByLabel('New password'), PASSWORD)
      await keyboard.press(button('Change it'))
      await page.getByText('This is not your password.').waitFor()
      const isFocused = (one: Element) => one === document.activeElement
      await expect.poll(() => page.getByLabel('Password now').evaluate(isFocused)).toBe(true)
      expect(await page.getByText('body.currentPassword').count()).toBe(0)
      await check(page, 'console-welcome')
      await keyboard.write(page.getByLabel('Password now'), scene.admin.password)
      await keyboard.press(button('Change it'))
      await page.getByRole('heading', { name: 'The account' }).waitFor()
      await keyboard.press(button('Later'))
      await keyboard.write(page.getByLabel('Another skill'), 'Returns')
      await keyboard.press(button('Add'))
      await said(page, 'The skill Returns has been added.')
      await keyboard.press(button('Done, go on'))
      await page.getByText('2 of 4 steps are done.').waitFor()
    }
    await using again = await consoleAt(served.browser, scene, '/welcome', { user: admin })
    const { page } = again
    const keyboard = keyboardOf(page)
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    await keyboard.write(page.getByLabel('Name of the account'), 'Acme Shop')
    await keyboard.press(button('Save'))
    await page.getByRole('banner').getByText('Acme Shop', { exact: true }).waitFor()
    await keyboard.press(button('Set hours'))
    await keyboard.press(button('Save'))
    await said(page, 'The hours of this account are set.')
    await page.getByRole('list', { name: /The next seven days/ }).waitFor()
    await keyboard.press(button('Done, go on'))
    await page.getByText('Everything is set up.').waitFor()
    await keyboard.press(page.getByRole('link', { name: 'A first live answer' }))
    await page.getByRole('heading', { name: 'Your first live answer' }).waitFor()
    expect(await page.getByRole('link', { name: 'Set it up' }).count()).toBe(0)
    // The new password has ended the session that the test had.
    const { bearer } = await login(scene, admin)
    const path = `/api/v1/accounts/${scene.accountId}/settings`
    expect((await scene.request('GET', path, { bearer })).json()).toMatchObject({
      accountName: 'Acme Shop',
      setUpDone: ['password', 'name', 'skills', 'hours'],
    })
  },
)

test.skipIf(!hasBrowser)(
  'a person of another account takes an invitation, and goes from one account to the other',
  async () => {
    const scene = await anotherScene(served.server)
    const home = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/users')
    const { page } = opened
    const keyboard = keyboardOf(page)
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    await keyboard.press(button('New user'))
    await keyboard.write(page.getByLabel('Login name', { exact: true }), 'ada@shop.example')
    await keyboard.write(page.getByLabel('Nickname'), 'Ada')
    await keyboard.press(button('Save'))
    await keyboard.press(button('Make the link'))
    const link = (await page.getByRole('group', { name: 'The link' }).textContent())?.trim() ?? ''
    await keyboard.press(button('I have kept it'))
    await page.getByRole('row', { name: /Ada/ }).getByText('Invited').waitFor()

    await using other = await consoleAt(served.browser, home, '/home')
    const visitor = other.page
    await visitor.goto(link)
    await visitor.getByText('Welcome, Ada.').waitFor()
    await check(visitor, 'console-invitation')
    await visitor.getByLabel('Your new password').fill(PASSWORD)
    await visitor.getByLabel('Once more').fill('something else entirely')
    await visitor.keyboard.press('Enter')
    await visitor.getByText('The two are not the same.').waitFor()
    await visitor.getByLabel('Once more').fill(PASSWORD)
    await visitor.keyboard.press('Enter')
    await heading(visitor, 'Home')
    await visitor.getByText(`Account ${scene.accountId}`).waitFor()
    // What the link held stands in no address any more.
    expect(visitor.url()).not.toContain('#')
    await page.getByRole('row', { name: /Ada/ }).getByText('Invited').waitFor({ state: 'detached' })

    await keyboardOf(visitor).choose(
      visitor.getByRole('button', { name: 'Menu of ada@shop.example' }),
      new RegExp(home.accountId),
    )
    await visitor.getByText(`Account ${home.accountId}`).waitFor()
    await visitor.goto(link)
    await visitor.getByRole('alert').getByText('This link was used').waitFor()
  },
)
