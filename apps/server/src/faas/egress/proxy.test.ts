import { connect } from 'node:net'
import { duplexPair } from 'node:stream'
import { TUNNEL } from '@parley/toolbelt/tunnels'
import { expect, test } from 'vitest'
import { openLogger, systemMonotonic } from '#base/kernel'
import { PATIENCE_MS, startHttpSite } from '#testing'
import { openEgressProxy } from './proxy.ts'

function frame(kind: number, body = ''): Buffer {
  const head = Buffer.alloc(9)
  head[0] = kind
  head.writeUInt32LE(1, 1)
  head.writeUInt32LE(body.length, 5)
  return Buffer.concat([head, Buffer.from(body)])
}

const get = (path: string) => frame(TUNNEL.DATA, `GET ${path} HTTP/1.1\r\nhost: shop.test\r\n\r\n`)

test('a connection that was kept open carries no call after its domain has left the list', async () => {
  const asked: (string | undefined)[] = []
  await using site = await startHttpSite(({ url }, response) => {
    asked.push(url)
    response.end(`answer to ${url}`)
  })
  await using logger = openLogger('silent')
  using proxy = openEgressProxy({
    logger,
    monotonic: systemMonotonic(),
    limits: { outgoingPerSecond: 100, outgoingBytes: 1_000_000, outgoingMs: PATIENCE_MS },
    privateTargets: [],
    resolver: { resolve: () => Promise.resolve([{ address: '93.184.216.34', family: 4 }]) },
    // A site of this machine in place of the one at the public address: no test calls a foreign machine.
    dial: () => Promise.resolve(connect(site.port, '127.0.0.1')),
  })
  const [pipe, instance] = duplexPair()
  let answers = ''
  instance.on('data', (bytes: Buffer) => (answers += bytes.toString('latin1')))
  let isListed = true
  const refused: unknown[] = []
  using _ = proxy.admit(
    pipe,
    { accountId: 'acme', functionId: 'shop', broken: () => undefined },
    {
      internal: () => undefined,
      allowed: () => Promise.resolve(isListed),
      refused: (call) => void refused.push(call),
    },
  )

  instance.write(frame(TUNNEL.OPEN, 'shop.test:80\nindex.js:1:2'))
  instance.write(get('/first'))
  await expect.poll(() => answers).toContain('answer to /first')
  instance.write(Buffer.concat([frame(TUNNEL.NEXT), get('/second')]))
  await expect.poll(() => answers).toContain('answer to /second')
  isListed = false
  instance.write(Buffer.concat([frame(TUNNEL.NEXT), get('/third')]))

  await expect.poll(() => answers).toMatch(/(answer to \/third|allowed domains)$/)
  expect(answers).toContain('shop.test is not on the list of allowed domains')
  expect(refused).toMatchObject([{ host: 'shop.test', calledFrom: 'index.js:1:2' }])
  await site[Symbol.asyncDispose]()
  expect(asked).toEqual(['/first', '/second'])
})
