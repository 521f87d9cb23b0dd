import { existsSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { PATIENCE_MS } from '../live/eventually.ts'
import { cuttableSockets } from './cut-sockets.fixture.ts'

/** The first has no windows and takes half of the processor time. Pages are the same in all. */
const CHROMIUM = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path))

export const hasBrowser = CHROMIUM !== undefined
if (!hasBrowser) {
  console.warn(
    'Left out: the tests in a browser (apt-get install chromium-headless-shell brings them back)',
  )
}

/** A real Chromium that connects to the server under test only. */
export async function openBrowser(): Promise<Browser & AsyncDisposable> {
  const browser = await chromium.launch({
    timeout: PATIENCE_MS,
    ...(CHROMIUM && { executablePath: CHROMIUM }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() })
}

/** Of one step: less than a whole test may take, so that the step that hangs is the one that is named. */
const STEP_MS = PATIENCE_MS / 3

export async function openContext(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(STEP_MS)
  return context
}

export interface OpenedPage {
  page: Page
  /** Script errors and broken content policies: both are bugs. */
  problems: string[]
  /** The hosts that the page has asked for anything. */
  origins: ReadonlySet<string>
  /** Cuts every WebSocket of the page and lets no new one through until `restore`. */
  cut(): Promise<void>
  restore(): Promise<void>
}

export interface PageOptions extends BrowserContextOptions {
  /** Runs in the page before its own scripts. */
  initScript?: string
}

export async function openPage(
  browser: Browser,
  address: string,
  { initScript = '', ...options }: PageOptions = {},
): Promise<OpenedPage> {
  const context = await openContext(browser, {
    viewport: { width: 480, height: 800 },
    locale: 'en-GB',
    ...options,
  })
  await context.addInitScript(initScript)
  const page = await context.newPage()
  const problems: string[] = []
  const origins = new Set<string>()
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (/^(https?|wss?):$/.test(protocol)) origins.add(host)
  })
  page.on('pageerror', (error) => problems.push(error.stack ?? String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  const { cut, restore } = await cuttableSockets(page)
  await page.goto(address)
  return { page, problems, origins, cut, restore }
}
