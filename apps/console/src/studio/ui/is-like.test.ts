import { expect, test } from 'vitest'
import { isLike } from './is-like.ts'

test.each([
  ['Dorfstraße', ' STRASSE '],
  ['Dorfstrasse', 'straße'],
  ['Zoe\u0308', 'zo\u00EB'],
  ['Zo\u00EB', 'zoe\u0308'],
])('%s is found by %s', (text, wanted) => {
  expect(isLike(['something else', text], wanted)).toBe(true)
})

test('a letter without an accent is another one', () => {
  expect(isLike(['Zo\u00EB'], 'zoe')).toBe(false)
})
