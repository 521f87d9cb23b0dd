import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PATIENT_SERVER } from '../../apps/server/testing/patience.ts'

/** A page of another origin, as a shop would have it. */
export async function serveShop(tag: string): Promise<{ url: string } & AsyncDisposable> {
  const page = `<!doctype html><html lang="en">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="icon" href="data:,"><title>Shop</title>
  <style>
    body { font: 18px/1.5 Georgia, serif; max-width: 40em; margin: 2em auto; padding: 0 1em }
    .wares { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1em }
    .wares div { aspect-ratio: 1; border-radius: 8px; background: linear-gradient(160deg, #d8e2dc, #a3b8aa) }
  </style>
  <main><h1>Shop</h1><p>Everything for the garden, from seeds to sheds.</p>
  <div class="wares"><div></div><div></div><div></div><div></div><div></div><div></div></div></main>${tag}</html>`
  const shop = createServer(PATIENT_SERVER, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  })
  await once(shop.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => void shop.close(),
  }
}
