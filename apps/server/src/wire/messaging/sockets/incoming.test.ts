import { expect, test } from 'vitest'
import { openShares } from '#base/bounds'
import { INCOMING } from './bounds.ts'
import { Incoming } from './incoming.ts'

function given() {
  const shares = openShares(INCOMING)
  const connection = { group: '127.0.0.1', isCut: false, cut: () => void (connection.isCut = true) }
  return { shares, connection, incoming: new Incoming(connection, shares) }
}

test('pings do not count as a frame that does not end, and do not hide one', () => {
  const { shares, connection, incoming } = given()
  incoming.authenticated()
  for (let ping = 0; ping < 200_000; ping += 1) {
    incoming.arrived(6)
    incoming.controlled(0)
  }
  expect(shares.held).toBe(0)

  for (let part = 0; part < 20_000 && !connection.isCut; part += 1) {
    incoming.arrived(1000)
    incoming.arrived(6)
    incoming.controlled(0)
  }
  expect(connection.isCut).toBe(true)
})

test('a running request counts until its end, whatever else arrives', () => {
  const { shares, incoming } = given()
  incoming.authenticated()
  incoming.arrived(5000)
  incoming.completed()
  const running = incoming.run(5000)
  expect(shares.held).toBe(5000)
  incoming.arrived(100)
  incoming.completed()
  expect(shares.held).toBe(5000)
  running[Symbol.dispose]()
  expect(shares.held).toBe(0)
})
