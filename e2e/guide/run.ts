/**
 * A stopwatch of the guided start, from `git clone` to the first answer and why it came: `npm run guide`. The repository is
 * cloned into a new folder, `npm start` is the only command there, the rest is done in Chromium at the pace of a person.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { openBrowser } from '../browser/browser.fixture.ts'
import { eventually, PATIENCE_MS } from '../live/eventually.ts'
import { newDataDir, startParley } from '../live/parley.ts'
import { removeFolder } from '../live/remove-folder.ts'

const KEY_MS = 150
const BETWEEN_STEPS_MS = 1_000
const ANSWER = 'Hello from my first function!'

const began = performance.now()
function reached(what: string): void {
  console.info(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}`)
}

const folder = newDataDir()
using _removed = { [Symbol.dispose]: () => removeFolder(folder) }
const clone = join(folder, 'parley')
execFileSync('git', ['clone', '-q', join(import.meta.dirname, '..', '..'), clone])
reached('git clone has ended')

await using parley = await startParley({
  dataDir: join(clone, '.parley'),
  cwd: clone,
  command: ['npm', 'start'],
  env: { PARLEY_LOG_LEVEL: 'info' },
  keepsAddressLimits: true,
})
const address = await eventually('The address of the console', () => {
  return /^ *Console +(http\S+)$/m.exec(parley.output())?.[1]
})
reached('npm start names the console')
const { accountId, admin } = parley.firstRun

await using browser = await openBrowser()
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
page.setDefaultTimeout(PATIENCE_MS)
const rest = () => page.waitForTimeout(BETWEEN_STEPS_MS)

async function type(field: Locator, text: string): Promise<void> {
  await rest()
  await field.fill('')
  await field.pressSequentially(text, { delay: KEY_MS })
}

await page.goto(address)
await page.getByLabel('Login name').waitFor()
reached('sign-in page')
await type(page.getByLabel('Account'), accountId)
await type(page.getByLabel('Login name'), admin.user)
await type(page.getByLabel('Password'), admin.password)
await page.keyboard.press('Enter')
await page.getByLabel('Your answer').waitFor()
reached('home page with the guide')
await type(page.getByLabel('Your answer'), ANSWER)
await rest()
await page.getByRole('button', { name: 'Create and deploy' }).click()
await page.getByText('first_answer is live.').waitFor()
reached('the function is live')
const consumer = page.frameLocator('iframe[title="Consumer page"]')
await type(consumer.getByRole('textbox').first(), 'hello')
await consumer.getByRole('textbox').first().press('Enter')
await consumer.getByText(ANSWER).waitFor()
reached('the consumer has its answer')
await rest()
await page.getByRole('link', { name: 'See what happened' }).click()
await page.getByRole('button', { name: new RegExp(`Automatic message ${ANSWER}`) }).waitFor()
reached('why it came')
