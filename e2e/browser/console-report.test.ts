import { anotherScene, call } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, go, heading, pick, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'an administrator says who gets the report by mail and how often, sees it before, and what is wrong with an address',
  async () => {
    const scene = await anotherScene(served.server)
    await call(scene, 'PATCH', 'settings', { accountName: 'Shop <b>&</b> Sons' })
    await using opened = await consoleAt(served.browser, scene, '/metrics')
    const { page } = opened
    await heading(page, 'Metrics')
    await page.getByRole('button', { name: 'Report by mail' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('This server has no mail server').waitFor()
    await dialog.getByText('None leaves').waitFor()
    const preview = dialog.frameLocator('iframe')
    await preview.getByRole('heading', { name: 'Functions of Shop <b>&</b> Sons' }).waitFor()
    await check(page, 'console-report')

    await dialog.getByRole('button', { name: /How often$/ }).press('Enter')
    await pick(page, { name: 'Every week' })
    await dialog.getByText('in the week from').waitFor()
    await dialog.getByLabel('Recipients').fill('ann@example.com\nnobody')
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await dialog.getByRole('alert').getByText('body.recipients.1').waitFor()
    await dialog.getByLabel('Recipients').fill('ann@example.com\nbob@example.com')
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('The report by mail is saved.').waitFor()
    expect(await call(scene, 'GET', 'report-settings')).toEqual({
      frequency: 'weekly',
      recipients: ['ann@example.com', 'bob@example.com'],
    })

    await page.getByRole('button', { name: 'Report by mail' }).press('Enter')
    await dialog.getByText('The next one leaves').waitFor()
    await pressInDialog(page, 'Escape')
    await dialog.waitFor({ state: 'detached' })
  },
)

test.skipIf(!hasBrowser)(
  'a developer changes who gets the report, not how often it leaves; in German, too',
  async () => {
    const scene = await anotherScene(served.server)
    const user = { loginName: 'dora', password: 'a long enough passphrase' }
    await call(scene, 'POST', 'users', {
      ...user,
      role: 'agent-manager',
      profiles: ['FaaS-Developer'],
    })
    await call(scene, 'PUT', 'report-settings', {
      frequency: 'daily',
      recipients: ['ann@example.com'],
    })
    await using opened = await consoleAt(served.browser, scene, '/metrics', {
      locale: 'de-DE',
      user: { user: user.loginName, password: user.password },
    })
    const { page } = opened
    await page.getByRole('button', { name: 'Bericht per Mail' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Jeden Tag').waitFor()
    expect(await dialog.getByRole('button', { name: /Wie oft$/ }).count()).toBe(0)
    await dialog.getByLabel('Empfänger').fill('bob@example.com')
    await dialog.getByRole('button', { name: 'Speichern' }).press('Enter')
    await page.getByText('Der Bericht per Mail ist gespeichert.').waitFor()
    expect(await call(scene, 'GET', 'report-settings')).toEqual({
      frequency: 'daily',
      recipients: ['bob@example.com'],
    })
  },
)

test.skipIf(!hasBrowser)(
  'an administrator says what the account is called, its time zone and its language; a wrong zone is told at its field',
  async () => {
    const scene = await anotherScene(served.server)
    await using opened = await consoleAt(served.browser, scene, '/home')
    const { page } = opened
    await go(page, 'Account')
    await heading(page, 'Account')
    const zone = page.getByLabel('Time zone')
    await expect.poll(() => zone.inputValue()).toBe('UTC')
    await page.getByLabel('Name of the company').fill('Shop & Sons')
    await zone.fill('Europe/Atlantis')
    await page.getByRole('button', { name: /Language of mails$/ }).press('Enter')
    await pick(page, { name: 'Deutsch' })
    await page.getByRole('checkbox', { name: 'Types are checked' }).press('Space')
    // Meanwhile a colleague changes something else.
    await call(scene, 'PATCH', 'settings', { transferToAgentEnabled: false })
    await zone.press('Enter')
    await expect
      .poll(() => zone.evaluate((field) => field.getAttribute('aria-invalid')))
      .toBe('true')
    await check(page, 'console-account')
    await zone.fill('Europe/Berlin')
    await zone.press('Enter')
    await page.getByText('Saved.').waitFor()
    expect(await call(scene, 'GET', 'settings')).toMatchObject({
      accountName: 'Shop & Sons',
      timeZone: 'Europe/Berlin',
      language: 'de-DE',
      transferToAgentEnabled: false,
      typesCheckedAtDeployment: true,
    })
    await page.getByRole('banner').getByText('Shop & Sons').waitFor()
    expect(await call(scene, 'GET', 'report-preview')).toMatchObject({
      subject: expect.stringContaining('Funktionen von Shop & Sons'),
    })
  },
)
