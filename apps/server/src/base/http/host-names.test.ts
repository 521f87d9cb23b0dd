import { expect, test } from 'vitest'
import { isOwnHost, matchesHost } from './host-names.ts'
import { isPublicAddress } from './public-address.ts'

test.each([
  ['api.example.com', 'api.example.com', true],
  ['example.com', 'www.example.com', false],
  ['*.example.com', 'www.example.com', true],
  ['*.example.com', 'example.com', false],
  ['*.example.com', 'a.b.example.com', false],
  ['api.*.example.com', 'api.eu.example.com', true],
])('%s means %s: %s', (pattern, host, expected) => {
  expect(matchesHost(pattern, host)).toBe(expected)
})

test.each([
  ['parley.internal', true],
  ['api.liveperson.net', true],
  ['z1.context.liveperson.net', true],
  ['a.b.context.liveperson.net', false],
  ['context.liveperson.net', false],
  ['.context.liveperson.net', false],
  ['xparley.internal', false],
])('%s leads to this server: %s', (host, expected) => {
  expect(isOwnHost(host)).toBe(expected)
})

test.each(['8.8.8.8', '2606:4700::1111'])('%s is a public address', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each(['::ffff:7f00:1', '0:0:0:0:0:ffff:7f00:1', '64:ff9b::7f00:1', 'fe80::1', 'fc00::1', 'x'])(
  '%s is none',
  (address) => {
    expect(isPublicAddress(address)).toBe(false)
  },
)
