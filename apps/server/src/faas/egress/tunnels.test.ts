import { duplexPair } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Tunnel, TUNNEL } from '@parley/toolbelt/tunnels'
import { expect, test } from 'vitest'
import { type Arrival, serveTunnels } from './tunnels.ts'

/** The frames of an instance, written byte by byte as the protocol has them. */
function frame(kind: number, tunnel: number, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body)
  const head = Buffer.alloc(9)
  head[0] = kind
  head.writeUInt32LE(tunnel, 1)
  head.writeUInt32LE(bytes.length, 5)
  return Buffer.concat([head, bytes])
}

/** The proxy's end of a pipe whose other end is this test. */
function serve() {
  const [pipe, instance] = duplexPair()
  const opened: (Arrival & { tunnel: Tunnel })[] = []
  const answers: Buffer[] = []
  instance.on('data', (bytes: Buffer) => void answers.push(bytes))
  let isBroken = false
  serveTunnels(pipe, {
    open: (tunnel, arrival) => void opened.push({ tunnel, ...arrival }),
    next: () => undefined,
    broken: () => (isBroken = true),
  })
  return {
    opened,
    isBroken: () => isBroken,
    answered: () => Buffer.concat(answers),
    /** Resolves when the proxy has taken the bytes. */
    send: (bytes: Buffer) =>
      new Promise<void>((resolve) => {
        instance.write(bytes, () => setImmediate(resolve))
        pipe.once('close', resolve)
      }),
  }
}

test.each([1, 2, 7, 9, 64, 70_000])(
  'frames are read however they are cut: %i bytes at a time',
  async (size) => {
    const { isBroken, opened, send } = serve()
    const sent = Buffer.alloc(3_000, 'parley')
    const bytes = Buffer.concat([
      frame(TUNNEL.OPEN, 1, 'one.test:80\nindex.js:1:2'),
      frame(TUNNEL.DATA, 1, sent),
      frame(TUNNEL.OPEN, 7, 'two.test:443\n'),
      frame(TUNNEL.DATA, 1, sent),
      frame(TUNNEL.DATA, 7, 'x'),
      frame(TUNNEL.END, 7),
      frame(TUNNEL.END, 1),
    ])
    for (let at = 0; at < bytes.length; at += size) await send(bytes.subarray(at, at + size))
    expect(isBroken()).toBe(false)
    expect(opened.map(({ place, target }) => [target, place])).toEqual([
      ['one.test:80', 'index.js:1:2'],
      ['two.test:443', ''],
    ])
    const [one, two] = opened.map(({ tunnel }) => buffer(tunnel))
    expect(await one).toEqual(Buffer.concat([sent, sent]))
    expect((await two)?.toString()).toBe('x')
  },
)

const opening = frame(TUNNEL.OPEN, 1, 'a.test:80\n')
test.each([
  ['an unknown kind', frame(99, 1)],
  ['a tunnel that was never opened', frame(TUNNEL.DATA, 2, 'x')],
  ['the number of an older tunnel', frame(TUNNEL.OPEN, 1, 'a.test:80\n')],
  ['data without bytes', frame(TUNNEL.DATA, 1)],
  ['data that are too long', frame(TUNNEL.DATA, 1, Buffer.alloc(65_537))],
  ['a target that is too long', frame(TUNNEL.OPEN, 2, 'a'.repeat(2_000))],
  ['data after the end', Buffer.concat([frame(TUNNEL.END, 1), frame(TUNNEL.DATA, 1, 'x')])],
  ['a grant of what it never got', frame(TUNNEL.GRANT, 1, Buffer.from([0, 0, 2, 0]))],
  ['a grant that is too small', frame(TUNNEL.GRANT, 1, Buffer.from([1, 0, 0, 0]))],
  ['an announcement with a body', frame(TUNNEL.NEXT, 1, 'x')],
  ['what only the proxy sends', frame(TUNNEL.OPENED, 1)],
  [
    'more than may wait',
    Buffer.concat(Array.from({ length: 5 }, () => frame(TUNNEL.DATA, 1, Buffer.alloc(65_536)))),
  ],
  [
    'more small pieces than may wait',
    Buffer.concat(Array.from({ length: 600 }, () => frame(TUNNEL.DATA, 1, 'x'))),
  ],
])('%s ends the instance', async (_what, bytes) => {
  const { isBroken, send } = serve()
  await send(opening)
  expect(isBroken()).toBe(false)
  await send(bytes)
  expect(isBroken()).toBe(true)
})

test('an instance has so many connections, and more when one of them has ended', async () => {
  const { answered, opened, send } = serve()
  for (let number = 1; number <= 129; number += 1) {
    await send(frame(TUNNEL.OPEN, number, 'a.test:80\n'))
  }
  expect(opened).toHaveLength(128)
  expect(answered()[0]).toBe(TUNNEL.REFUSED)
  expect(answered().readUInt32LE(1)).toBe(129)
  expect(answered().readUInt16LE(9)).toBe(429)
  await send(frame(TUNNEL.RESET, 5))
  await send(frame(TUNNEL.OPEN, 130, 'a.test:80\n'))
  expect(opened).toHaveLength(129)
})

test('what a function does not read stays with the host that sends it', async () => {
  const { answered, opened, send } = serve()
  await send(opening)
  const tunnel = opened[0]?.tunnel
  for (let n = 0; n < 10; n += 1) tunnel?.write(Buffer.alloc(65_536))
  await expect.poll(() => answered().length).toBeGreaterThan(200_000)
  expect(answered().length).toBeLessThan(262_144)
  expect(tunnel?.write('x')).toBe(false)
  // As if it had read 196,608 bytes.
  await send(frame(TUNNEL.GRANT, 1, Buffer.from([0, 0, 3, 0])))
  await expect.poll(() => answered().length).toBeGreaterThan(400_000)
  expect(answered().length).toBeLessThan(262_144 + 196_608)
})
