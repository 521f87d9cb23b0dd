import { anotherScene, call } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { consoleAt, pick } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

const mail = {
  targetEmail: 'lead@example.com',
  senderName: '',
  senderEmail: 'noreply@example.com',
  subject: 'Your chat',
}

test.skipIf(!hasBrowser)(
  'empty lines between and after the options of a question after a chat are no options',
  async () => {
    const scene = await anotherScene(served.server)
    const question = { kind: 'single', questionId: 'why', text: 'Why?', options: ['Yes'] }
    await call(scene, 'PUT', 'chat-settings', { survey: { questions: [question] } })
    await using opened = await consoleAt(served.browser, scene, '/mail?view=chat')
    const { page } = opened
    const options = page.getByLabel('Options', { exact: true })
    await options.fill('')
    await options.pressSequentially('Yes\n\nNo, thanks \n')
    expect(await options.inputValue()).toBe('Yes\n\nNo, thanks \n')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('A chat gets the survey').waitFor()
    expect(await call(scene, 'GET', 'chat-settings')).toMatchObject({
      survey: { questions: [{ options: ['Yes', 'No, thanks'] }] },
    })
  },
)

test.skipIf(!hasBrowser)(
  'a rule says that no rating fits it, and names a skill that is not there any more, which can be taken out',
  async () => {
    const scene = await anotherScene(served.server)
    for (const skillId of ['404', '405']) {
      await call(scene, 'POST', 'skills', { name: `Skill ${skillId}`, skillId })
    }
    const rule = { ruleId: 'unhappy', csatAtLeast: 4, skillIds: ['404', '405'], mail }
    await call(scene, 'PUT', 'transcript-settings', { rules: [rule] })
    await using opened = await consoleAt(served.browser, scene, '/mail?view=transcripts')
    const { page } = opened
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Edit unhappy' }).press('Enter')
    await dialog.getByRole('checkbox', { name: 'Skill 404', exact: true }).waitFor()
    await call(scene, 'DELETE', 'skills/404')
    await dialog.getByRole('checkbox', { name: '404', exact: true }).press('Space')
    await dialog.getByRole('button', { name: /Rated at most$/ }).press('Enter')
    await pick(page, { name: '3' })
    await dialog.getByText('No rating is as good and as bad as that.').waitFor()
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await dialog.getByRole('button', { name: /Rated at most$/ }).press('Enter')
    await pick(page, { name: '5' })
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    const { rules } = await call<{ rules: object[] }>(scene, 'GET', 'transcript-settings')
    expect(rules).toEqual([
      {
        ruleId: 'unhappy',
        enabled: true,
        csatAtLeast: 4,
        csatAtMost: 5,
        skillIds: ['405'],
        mail,
      },
    ])
  },
)

test.skipIf(!hasBrowser)('a rule is deleted after a question, and the others stay', async () => {
  const scene = await anotherScene(served.server)
  const rules = ['unhappy', 'happy'].map((ruleId) => ({ ruleId, enabled: true, mail }))
  await call(scene, 'PUT', 'transcript-settings', { rules })
  const stored = () => call(scene, 'GET', 'transcript-settings')
  await using opened = await consoleAt(served.browser, scene, '/mail?view=transcripts')
  const { page } = opened
  const deletes = page.getByRole('button', { name: 'Delete unhappy' })
  const dialog = page.getByRole('dialog', { name: 'Delete the rule unhappy?' })
  await deletes.press('Enter')
  await dialog.getByRole('button', { name: 'Cancel' }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  expect(await stored()).toMatchObject({ rules })
  await deletes.press('Enter')
  await dialog.getByRole('button', { name: 'Delete' }).press('Enter')
  await deletes.waitFor({ state: 'detached' })
  expect(await stored()).toMatchObject({ rules: [{ ruleId: 'happy' }] })
})
