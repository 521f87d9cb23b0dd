import { once } from 'node:events'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { virtualClock } from '#base/kernel'
import { openTestHttp, openTestTls } from './http.fixture.ts'

const DAYS_MS = 380 * 86_400_000

async function presentedAt(port: number): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const found = socket.getPeerX509Certificate()
  socket.destroy()
  return found?.validToDate.getTime() ?? 0
}

test('a port that is open for longer than its certificate lives serves a new one', async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 5))
  await using server = await openTestHttp(() => undefined)
  const tls = await openTestTls(clock)
  const { port } = await server.http.listen({ host: '127.0.0.1', port: 0, tls })
  expect(await presentedAt(port)).toBeLessThan(clock.now() + 2 * DAYS_MS)

  await clock.advance(DAYS_MS)
  await expect.poll(() => presentedAt(port)).toBeGreaterThan(clock.now() + DAYS_MS)
})
