import { expect, test } from 'vitest'
import { compilePattern, lettersOf } from './pattern.ts'

test.each([
  ['hi', 'hi', true],
  ['hi', ' HI ', true],
  ['hi', 'hi there', false],
  ['hi*', 'hi there', true],
  ['*hi*', 'oh, hi!', true],
  ['*', '', true],
  ['(thank(|s)|thank you)*', 'Thanks a lot', true],
  ['(thank(|s)|thank you)*', 'thank you', true],
  ['(thank(|s)|thank you)*', 'than', false],
  ['(order|buy) (a|two (big|small)) pizza', 'buy two small pizza', true],
  ['(order|buy) (a|two (big|small)) pizza', 'buy two pizza', false],
  ['what? [1-9].+', 'what? [1-9].+', true],
  ['a|b', 'a|b', true],
  ['a|b', 'a', false],
  [':-)', ':-)', true],
  ['(((', '(((', true],
  ['caf\u00e9', 'Cafe\u0301', true],
  ['cafe\u0301*', 'caf\u00e9 au lait', true],
])('pattern %s and line "%s": %s', (pattern, line, expected) => {
  expect(compilePattern(pattern)(lettersOf(line), { left: 10_000 })).toBe(expected)
})

test('a pattern that would backtrack without end takes a step for each of its letters and each of the line', () => {
  const pattern = `${'(a|a*)*'.repeat(50)}b`
  const line = 'a'.repeat(1_000)
  const effort = { left: 10_000_000 }

  expect(compilePattern(pattern)(lettersOf(line), effort)).toBe(false)
  expect(compilePattern(pattern)(lettersOf(`${line}b`), effort)).toBe(true)

  expect(10_000_000 - effort.left).toBeLessThan(2 * pattern.length * line.length)
})

test('nothing matches when the effort is used up', () => {
  expect(compilePattern('*a*')(lettersOf('aaaa'), { left: 3 })).toBe(false)
})

test('a pattern that is too long is refused, one of brackets only is not', () => {
  expect(() => compilePattern('a'.repeat(2_001))).toThrow('must have at most 2000 characters')
  expect(compilePattern('('.repeat(1_000) + ')'.repeat(1_000))([], { left: 10_000 })).toBe(true)
})
