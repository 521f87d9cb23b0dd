import { expect, test } from 'vitest'
import { redactText, redactUrlPart, redactValue } from './index.ts'

test('secrets are masked in every text of a value, in names of members too', () => {
  const value = { 'key s3cret': ['x s3cret y', { deep: 's3crets3cret' }, 1, null] }
  expect(redactValue(value, ['s3cret'])).toEqual({
    'key [secret]': ['x [secret] y', { deep: '[secret][secret]' }, 1, null],
  })
})

test('what PostgreSQL cannot store is replaced, and a host is masked in lower case', () => {
  expect(redactText('a\0b\uD800', [])).toBe('a\uFFFDb\uFFFD')
  expect(redactUrlPart('abcdef.example', ['AbcDef', 'cde'])).toBe('[secret].example')
})

test('a value that is nested too deeply is left out', () => {
  let value: unknown = 's3cret'
  for (let depth = 0; depth < 200; depth += 1) value = [value]
  expect(JSON.stringify(redactValue(value, ['s3cret']))).toContain('[nested too deeply]')
})
