import {
  type AgentSocket,
  anotherScene,
  call,
  openAgentSocket,
  type Scene,
  type TestServer,
} from '@parley/server/testing'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { expect } from 'vitest'
import { type OpenedPage, openPage } from './browser.fixture.ts'
import { ringingConversation } from './ringing-conversation.fixture.ts'
import { serveShop } from './shop.fixture.ts'

export interface StageOptions {
  /** Settings of the consumer page. */
  look?: object
  /** Attributes of the tag, or parameters of the page. */
  query?: Record<string, string>
  /** A shop embeds the window; else it is a page of its own. */
  embedded?: boolean
  /** A script of the shop, after the tag. */
  script?: string
  browser?: BrowserContextOptions
  /** What is done in the account before the page is opened. */
  before?: (scene: Scene) => Promise<unknown>
}

/** An account of its own with an agent at work, and its consumer page in a browser. */
export interface Stage extends OpenedPage, AsyncDisposable {
  scene: Scene
  agent: AgentSocket
  /** The hosts that the page may ask for something. */
  hosts: string[]
  /** The consumer writes; resolves when the server has it. */
  write(text: string): Promise<void>
  /** The agent takes the conversation that the consumer has opened. */
  accept(): Promise<string>
}

export async function openStage(
  server: TestServer,
  browser: Browser,
  { look, query = {}, embedded, script = '', browser: options, before }: StageOptions = {},
): Promise<Stage> {
  await using opened = new AsyncDisposableStack()
  const scene = await anotherScene(server)
  const { accountId, skillIds, agents } = scene
  const [user] = agents
  if (!user) throw new Error('The account has no agent')
  const agent = opened.use(await openAgentSocket(scene, user))
  await call(scene, 'PATCH', `users/${agent.userId}`, { nickname: 'Nora Lindqvist' })
  if (look) await call(scene, 'PATCH', 'settings', { consumerPage: look })
  await before?.(scene)
  await agent.goOnline()
  const skill = skillIds[0] ?? ''
  const attributes = Object.entries({ account: accountId, skill, ...query })
  const tag = attributes.map(([name, value]) => ` data-${name}="${value}"`).join('')
  const scripts = `<script src="${server.url}/consumer.js"${tag}></script><script>${script}</script>`
  const shop = opened.use(await serveShop(scripts))
  const address = embedded
    ? shop.url
    : `${server.url}/consumer/${accountId}?${new URLSearchParams({ skill, ...query })}`
  const page = await openPage(browser, address, options)
  opened.defer(() => page.page.context().close())
  const field = page.page.getByRole('textbox', { name: /Write a message|Nachricht schreiben/ })
  const taken = new Set<string>()
  const resources = opened.move()
  return {
    ...page,
    scene,
    agent,
    hosts: [new URL(server.url).host, new URL(shop.url).host],
    async write(text) {
      await field.fill(text)
      await field.press('Enter')
      await page.page.getByText(text, { exact: true }).waitFor()
      await expect
        .poll(() => page.page.getByText(/^(Not sent yet|Noch nicht gesendet)$/).count())
        .toBe(0)
    },
    async accept() {
      const conversationId = await ringingConversation(agent, taken)
      taken.add(conversationId)
      await agent.accept(conversationId)
      return conversationId
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
