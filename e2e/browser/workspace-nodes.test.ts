import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import {
  anotherScene,
  type DoomedNode,
  startDoomedNode,
  startTestServer,
  type TestServer,
} from '@parley/server/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../live/eventually.ts'
import { hasBrowser, openBrowser } from './browser.fixture.ts'
import { consoleIsBuilt } from './console.fixture.ts'
import { consumerAt, workspaceAt } from './workspace.fixture.ts'

/** An address that leads to the node of the moment, as a balancer's does. */
async function openDoor(nodeNow: () => string) {
  const open = new Set<Socket>()
  const door = createServer((client) => {
    const { hostname, port } = new URL(nodeNow())
    const node = connect(Number(port), hostname)
    for (const socket of [client, node]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        node.destroy()
      })
    }
    client.pipe(node).pipe(client)
  })
  await once(door.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    [Symbol.dispose]() {
      for (const socket of open) socket.destroy()
      door.close()
    },
  }
}

let server: TestServer
let doomed: DoomedNode
let door: Awaited<ReturnType<typeof openDoor>>
let browser: Browser
beforeAll(async () => {
  if (!hasBrowser) return
  server = await startTestServer({ clock: 'system' })
  await consoleIsBuilt(server)
  doomed = await startDoomedNode(server)
  door = await openDoor(() => doomed.url() ?? server.url)
  await eventually('The console of the node', async () => {
    const { status } = await fetch(`${door.url}/console`)
    return status === 200 || undefined
  })
  browser = await openBrowser()
})
afterAll(async () => {
  if (!hasBrowser) return
  await browser.close()
  door[Symbol.dispose]()
  await doomed[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

test.skipIf(!hasBrowser)(
  'when the node is killed in the middle, nothing that was typed is lost, and the talk goes on over another one',
  async () => {
    const scene = await anotherScene(server)
    const there = { accountId: scene.accountId, url: door.url }
    await using agent = await workspaceAt(browser, there, scene.agents[0]!, { isCut: true })
    const { page } = agent
    await page.getByRole('button', { name: 'Go online' }).press('Enter')
    await using consumer = await consumerAt(browser, scene, scene.skillIds[0] ?? '')
    await consumer.write('hello')
    await page.getByRole('button', { name: /^Accept/ }).press('Enter')
    const log = page.getByRole('log')
    await log.getByText('hello').waitFor()
    const field = page.getByRole('textbox', { name: 'Write a message' })
    const texts = Array.from({ length: 10 }, (_, index) => `answer ${index}.`)
    for (const [index, text] of texts.entries()) {
      if (index === 5) await doomed.kill()
      await field.fill(text)
      await field.press('Enter')
    }
    await field.fill('half a sentence')
    await consumer.write('are you there')
    await log.getByText('are you there').waitFor()
    for (const text of texts) await consumer.page.getByText(text).waitFor()
    await expect.poll(() => page.getByText('Not sent yet').count()).toBe(0)
    for (const text of texts) {
      expect(await consumer.page.getByText(text).count()).toBe(1)
      expect(await log.getByText(text).count()).toBe(1)
    }
    expect(await field.inputValue()).toBe('half a sentence')
  },
)
