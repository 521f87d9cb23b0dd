import { anotherScene, call, lambdasOf, startTestServer } from '@parley/server/testing'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { code, copyFirstRun, givenRuns } from './console-runs.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { check, consoleAt, paste, pick, quickest, pressInDialog } from './console.fixture.ts'
import { servedConsole } from './served-console.fixture.ts'

const served = servedConsole()

/** From a key to what it shows, on an ordinary machine. */
const MAX_ANSWER_MS = 200

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 780 }, locale: 'de' }

const rows = (page: Page) => page.getByRole('grid').getByRole('row')

test.skipIf(!hasBrowser)(
  'from the list of runs to what differs on the draft and to the editor with its input, by keyboard alone',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(served.browser, stage, '/runs')
    const { page } = opened
    await page.getByText('4 runs').waitFor()
    await check(page, 'console-runs')

    // Newest first; what comes is shown, unless the list is held.
    await page.getByRole('button', { name: 'Pause' }).press('Enter')
    await lambdasOf(stage).invoke(stage.functionId, { name: 'Barbara' })
    await page.getByText('1 new one waits').waitFor()
    expect(await rows(page).count()).toBe(5)
    await page.getByRole('button', { name: 'Resume' }).press('Enter')
    await page.getByText('5 runs').waitFor()

    await page.getByRole('button', { name: /Outcome/ }).press('Enter')
    await pick(page, { name: 'Failed in its code' })
    await page.getByText('1 run', { exact: true }).waitFor()
    await page.waitForURL(/outcome=CODING_FAILURE/)
    await rows(page).nth(1).press('Enter')
    await page.getByRole('heading', { name: 'Run of greeter' }).waitFor()
    await page.getByText('"name": "Nobody"').waitFor()
    await page.getByText('greeting').first().waitFor()
    await page.getByText("if (name === 'Nobody')").waitFor()
    await check(page, 'console-run')

    // What failed fails on the draft, too, until the draft says otherwise.
    await page.getByRole('button', { name: 'Replay', exact: true }).press('Enter')
    await page.getByText('Version 2 does the same.').waitFor()
    await call(stage, 'PATCH', `functions/${stage.functionId}`, {
      code: code('Good day').replace('throw new Error', 'return callback(null, "nobody") // '),
    })
    await page.getByRole('button', { name: 'Replay', exact: true }).press('Enter')
    await page.getByText(/Version 3 differs in \d places/).waitFor()
    await page
      .getByRole('cell', { name: /SUCCEEDED/ })
      .first()
      .waitFor()
    await page
      .getByRole('heading', { name: 'Replay', exact: true })
      .evaluate((heading) => heading.scrollIntoView())
    await check(page, 'console-replay')

    // A version that is not the newest is shown as it was.
    await page.getByRole('link', { name: 'line 4' }).press('Enter')
    await page.getByRole('heading', { name: 'Versions of greeter' }).waitFor()
    await page.getByRole('heading', { name: 'Source of version 1' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: /Open in the editor/ }).press('Enter')
    await page.getByRole('heading', { name: 'greeter' }).waitFor()
    await page.locator('.payload').getByText('"Nobody"').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'what differs between versions is seen, and one step leads back',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(
      served.browser,
      stage,
      `/functions/${stage.functionId}/versions`,
    )
    const { page } = opened
    await page.getByRole('heading', { name: 'Versions of greeter' }).waitFor()
    await page.getByText('Different: source').waitFor()
    await page.getByText('Good day').first().waitFor()
    await check(page, 'console-versions')

    await page.getByRole('button', { name: 'Roll back: Version 1' }).press('Enter')
    await page.getByRole('heading', { name: 'Roll back to version 1?' }).waitFor()
    await page.getByRole('dialog').getByText('Different: source').waitFor()
    await check(page, 'console-roll-back')
    await pressInDialog(page, 'Enter')
    await page.getByText('Version 1 is live again.').waitFor()
    const answer = await lambdasOf(stage).invoke(stage.functionId, { name: 'Ada' })
    expect(answer.json()).toMatchObject({ text: 'Hello Ada' })

    await page.getByRole('button', { name: 'Make it the draft: Version 1' }).press('Enter')
    await page.getByText('Version 3 is saved, as version 1 was.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'which function fails is seen from all functions, then over time, as a picture and as a table',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(served.browser, stage, '/metrics')
    const { page } = opened
    await page.getByRole('button', { name: 'Sort by Errors' }).press('Enter')
    await page.getByRole('columnheader', { name: 'Sort by Errors' }).waitFor()
    await page.waitForURL(/sort=errors/)
    await page.getByText('4 calls, 1 of them failed').waitFor()
    await check(page, 'console-health')

    await page.getByRole('link', { name: 'greeter' }).press('Enter')
    await page.getByRole('heading', { name: 'Metrics of greeter' }).waitFor()
    await page.getByText('4 calls, 1 of them failed').waitFor()
    await page.getByRole('listitem').filter({ hasText: 'version 2 deployed by' }).first().waitFor()
    // What happens is counted by itself, unless the page is held.
    await lambdasOf(stage).invoke(stage.functionId, { name: 'Barbara' })
    await page.getByText('5 calls, 1 of them failed').waitFor()
    await page.getByRole('button', { name: 'Pause' }).press('Enter')
    await page.getByText('Held', { exact: true }).waitFor()
    const twins = page.getByText('Show as a table')
    for (const twin of [twins.first(), twins.last()]) await twin.press('Enter')
    await check(page, 'console-metrics')
    await page.getByRole('link', { name: 'Show the failures' }).press('Enter')
    await page.getByText('1 run', { exact: true }).waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'an input is taken from a run, saved and taken again; the last runs are replayed on the draft before it is deployed',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(served.browser, stage, `/functions/${stage.functionId}`)
    const { page } = opened
    const payload = page.locator('.payload')
    const choose = async (name: RegExp): Promise<void> => {
      await page.getByRole('button', { name: 'Choose an input' }).press('Enter')
      await page.getByRole('menuitem', { name }).press('Enter')
    }
    await page.getByRole('heading', { name: 'greeter' }).waitFor()
    await choose(/Grace/)
    await payload.getByText('"Grace"').waitFor()
    await page.getByRole('button', { name: 'Save the input' }).press('Enter')
    await page.getByLabel('Name', { exact: true }).fill('her name')
    await page.getByLabel('For all who work').press('Space')
    await check(page, 'console-save-payload')
    await page.getByLabel('Name', { exact: true }).press('Enter')
    await page.getByText('Saved as her name.').waitFor()
    await choose(/Edsger/)
    await payload.getByText('"Edsger"').waitFor()
    await choose(/^her name/)
    await payload.getByText('"Grace"').waitFor()

    await page.getByRole('textbox', { name: /Source of greeter/ }).focus()
    await paste(page, code('Bye'))
    await page.getByText('Not saved', { exact: true }).waitFor()
    await page.getByRole('button', { name: /^Replay the last 50/ }).press('Enter')
    await page.getByText('1 the same, 3 differ').waitFor()
    const differing = page.getByRole('list', { name: 'Runs that differ' })
    await differing.locator('summary').first().press('Enter')
    await page.getByRole('cell', { name: /Bye/ }).first().waitFor()
    await check(page, 'console-editor-replay')

    await page.getByRole('button', { name: 'Deploy', exact: true }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^Replay the last 50/ }).press('Enter')
    await dialog.getByText('1 the same, 3 differ').waitFor()
    await check(page, 'console-deploy-replay')
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).press('Enter')
    await page.getByText('Version 3 is live.').waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'without the server nothing that was typed is lost, and the page goes on with it; what two have written is put together',
  async () => {
    const stage = await givenRuns(served.server)
    await using opened = await consoleAt(served.browser, stage, `/functions/${stage.functionId}`, {
      ...PHONE,
      isCut: true,
    })
    const { page } = opened
    // The editor is loaded after the page.
    await page.getByRole('textbox', { name: /Quelltext von greeter/ }).focus()
    await page.context().setOffline(true)
    await paste(page, code('Moin'))
    await page
      .getByText(/Der Server ist nicht erreichbar/)
      .first()
      .waitFor()
    await page.context().setOffline(false)
    await page.getByText(/die Seite geht weiter/).waitFor({ state: 'detached' })
    await page.getByText("'Moin '").waitFor()

    // A colleague changes one line that is changed here, too, and adds another one.
    await using colleague = await consoleAt(served.browser, stage, `/functions/${stage.functionId}`)
    const other = colleague.page
    await other.getByRole('textbox', { name: /Source of greeter/ }).focus()
    await paste(other, `// For friends\n${code('Servus')}`)
    await other.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await other.getByText('Version 3 is saved.').waitFor()
    await page.getByRole('button', { name: 'Speichern', exact: true }).press('Enter')
    const dialog = page.getByRole('alertdialog', { name: 'Jemand anders hat gespeichert' })
    await dialog.getByText(/Beide haben mit Version 2 begonnen/).waitFor()
    await dialog.getByText(/^2 Stellen.*1 entscheiden Sie/).waitFor()
    const both = dialog.getByRole('button', { name: 'Beide zusammen speichern' })
    expect(await both.isDisabled()).toBe(true)
    await dialog
      .getByRole('group', { name: /Beide haben das geändert/ })
      .getByRole('radio', { name: 'Ihre', exact: true })
      .press('Space')
    await check(page, 'console-phone-conflict')
    await both.press('Enter')
    await page.getByText('Version 4 ist gespeichert.').waitFor()
    const merged = await call<{ code: string }>(stage, 'GET', `functions/${stage.functionId}`)
    expect(merged.code).toBe(`// For friends\n${code('Moin')}`)

    await other.getByRole('textbox', { name: /Source of greeter/ }).focus()
    await paste(other, code('Grüezi'))
    await other.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await other.getByRole('button', { name: 'Take theirs' }).press('Enter')
    await other.getByText("'Moin '").waitFor()
  },
)

test.skipIf(!hasBrowser)(
  'thousands of runs are listed as they are scrolled to, and a key is answered at once',
  async () => {
    const stage = await givenRuns(served.server)
    await call(stage, 'GET', 'invocations')
    await copyFirstRun(stage, 5_000)
    await using opened = await consoleAt(served.browser, stage, '/runs')
    const { page } = opened
    await page.getByText('250+ runs').waitFor()
    await rows(page).nth(1).focus()
    for (let count = 500; count <= 5_000; count += 250) {
      await page.keyboard.press('End')
      await page.getByText(new RegExp(`^${count.toLocaleString('en')}\\+ runs`)).waitFor()
    }
    await page.keyboard.press('End')
    await page.getByText('5,004 runs').waitFor()
    expect(await rows(page).count()).toBeLessThan(100)
    await page.keyboard.press('End')
    const firstAgain = `new Promise((resolve) => {
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }))
      const look = () => document.activeElement.dataset.index === '0' ? resolve() : requestAnimationFrame(look)
      look()
    })`
    const ms = await quickest(
      () => page.evaluate(firstAgain),
      () => page.keyboard.press('End'),
    )
    console.info(`From the last of 5,004 runs to the first: ${Math.round(ms)} ms`)
    expect(ms).toBeLessThanOrEqual(MAX_ANSWER_MS)

    // A quick hand: each key comes before the frame in which the rows are drawn to which the one before it has led.
    for (let turn = 0; turn < 5; turn++) {
      await page.keyboard.press('Home')
      await page.keyboard.press('End')
    }
    // What is held with Alt or Ctrl is a key of the page or of the browser, and leads to no other row.
    await page.locator('[data-index="5003"]:focus').waitFor()
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.locator('[data-index="5002"]:focus').waitFor()
  },
)

test.skipIf(!hasBrowser)('the clock of a development server is moved by its chip', async () => {
  await using virtual = await startTestServer()
  const scene = await anotherScene(virtual)
  const now = async () => Date.parse((await call<{ now: string }>(scene, 'GET', 'clock')).now)
  const before = await now()
  await using opened = await consoleAt(served.browser, scene, '/functions')
  const { page } = opened
  await page.getByRole('button', { name: /^Clock/ }).press('Enter')
  await page.getByRole('heading', { name: 'Clock of this development server' }).waitFor()
  await page.getByText('Next timer', { exact: true }).waitFor()
  await check(page, 'console-clock')
  await page.getByLabel('Minutes ahead').fill('90')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await now()) - before).toBeGreaterThanOrEqual(90 * 60_000)
})
