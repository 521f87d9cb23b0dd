import { anotherScene, copyOpenConversation, openConsumerSocket } from '@parley/server/testing'
import { expect, test } from 'vitest'
import { hasBrowser } from './browser.fixture.ts'
import { quickest } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'
import { talkAt, workspaceAt } from './workspace.fixture.ts'

const CONVERSATIONS = 300
/** More than a window has room for. */
const OFFERS = 8
/** From a key to what it shows. */
const MAX_ANSWER_MS = 200

/** Until the conversation that comes next in the list is the one that is shown, with its field. */
const NEXT = `new Promise((resolve) => {
  const before = document.querySelector('[aria-current]')
  document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'ArrowDown', altKey: true, bubbles: true }))
  const look = () =>
    document.querySelector('[aria-current]') !== before &&
    document.querySelector('.composer textarea') === document.activeElement
      ? requestAnimationFrame(resolve) : requestAnimationFrame(look)
  look()
})`

/** Until a letter that is typed stands in the field, and the browser had time to paint it. */
const TYPED = `new Promise((resolve) => {
  const field = document.querySelector('.composer textarea')
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set
  set.call(field, field.value + 'a')
  field.dispatchEvent(new Event('input', { bubbles: true }))
  requestAnimationFrame(() => requestAnimationFrame(resolve))
})`

const served = servedConsole()

test.skipIf(!hasBrowser)(
  'with 300 open conversations the next one is shown, and a letter stands there, within 200 ms',
  async () => {
    const scene = await anotherScene(served.server)
    await using talk = await talkAt(served.browser, scene, 'one of many')
    const { page } = talk
    const first = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await copyOpenConversation(served.server, first, CONVERSATIONS - 1)
    await page.reload()
    await page.getByText(`My conversations (${CONVERSATIONS})`).waitFor()
    await page.getByRole('log').getByText('one of many').waitFor()
    const next = await quickest(() => page.evaluate(NEXT))
    expect(new URL(page.url()).pathname).not.toMatch(new RegExp(`/${first}$`))
    await page.getByRole('log').getByText('one of many').waitFor()
    const typed = await quickest(() => page.evaluate(TYPED))
    console.info(
      `Of ${CONVERSATIONS} conversations: the next one ${Math.round(next)} ms, a letter ${Math.round(typed)} ms`,
    )
    for (const ms of [next, typed]) expect(ms).toBeLessThanOrEqual(MAX_ANSWER_MS)
  },
)

test.skipIf(!hasBrowser)(
  'below many offers the own conversations stay in sight; in German an answer has its time, and on a phone no name is broken inside a word',
  async () => {
    const scene = await anotherScene(served.server)
    await using agent = await workspaceAt(served.browser, scene, scene.agents[0], {
      locale: 'de-DE',
    })
    const { page } = agent
    await page.getByRole('button', { name: 'Bereit melden' }).press('Enter')
    await using consumer = await openConsumerSocket(scene)
    await consumer.say(await consumer.openConversation({ ttrDefName: 'URGENT' }), 'Guten Tag')
    await page.getByRole('button', { name: /annehmen$/i }).press('Enter')
    await page.getByText(/Antwort fällig in \d+ Minuten/).waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    const lines = await page.getByRole('heading', { name: /^Besucher / }).evaluate((heading) => {
      const word = document.createRange()
      word.setStart(heading.firstChild ?? heading, 0)
      word.setEnd(heading.firstChild ?? heading, 'Besucher'.length)
      return word.getClientRects().length
    })
    expect(lines).toBe(1)
    await page.setViewportSize({ width: 1280, height: 800 })
    await using others = new AsyncDisposableStack()
    for (let count = 0; count < OFFERS; count++) {
      const other = others.use(await openConsumerSocket(scene))
      await other.say(await other.openConversation(), `Frage ${count}`)
    }
    await page.getByRole('heading', { name: `Angebote (${OFFERS})` }).waitFor()
    const mine = page.getByRole('button', { name: 'Guten Tag' })
    const box = await mine.boundingBox()
    expect(box && box.y + box.height).toBeLessThan(page.viewportSize()?.height ?? 0)
  },
)
