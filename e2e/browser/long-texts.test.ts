import { anotherScene } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { axeFindings } from './axe.fixture.ts'
import { check } from './console.fixture.ts'
import { takePicture } from './pictures.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt } from './workspace.fixture.ts'

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
