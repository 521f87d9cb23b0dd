import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { matchPath } from '#base/http'
import { ParleyError } from '#base/kernel'
import { openTestHttp } from './http.fixture.ts'

const CROWD = 64

test.for([true, false])(
  'many who ask again sooner than they were told are answered later and later, and nobody else is (lane: %s)',
  async (lane) => {
    await using server = await openTestHttp(
      (http) => {
        http.plain('POST', matchPath('/busy'), () =>
          Promise.reject(new ParleyError('overloaded', 'Too much', { retryAfterMs: 1000 })),
        )
        http.plain('POST', matchPath('/free'), () => Promise.resolve({ status: 200 }))
      },
      { lane, limits: { refusalsPerSecond: 50 } },
    )
    /** A client with one connection. Resolves with the status of its answer. */
    const client = () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      return (path: string) =>
        new Promise<number | undefined>((resolve, reject) => {
          const options = { method: 'POST', agent, headers: { 'content-length': 0 } }
          request(`http://127.0.0.1:${server.port}${path}`, options, (response) => {
            response.resume().once('end', () => resolve(response.statusCode))
          })
            .once('error', reject)
            .end()
        })
    }
    let isOver = false
    let served = 0
    const statuses = new Set<number | undefined>()
    const other = client()
    const serving = (async () => {
      for (; !isOver; served += 1) expect(await other('/free')).toBe(200)
    })()
    /** How often the other client was served while this one waited for its answer. */
    const refusedAfter = async (ask: ReturnType<typeof client>) => {
      const before = served
      statuses.add(await ask('/busy'))
      return served - before
    }
    let most = 0
    const crowd = Array.from({ length: CROWD }, async () => {
      const ask = client()
      while (!isOver) most = Math.max(most, await refusedAfter(ask))
    })

    await expect.poll(() => most, { interval: 10 }).toBeGreaterThan(20)
    expect(await refusedAfter(client())).toBeLessThan(most)
    isOver = true
    await Promise.all([...crowd, serving])
    expect(statuses).toEqual(new Set([503]))
  },
)
