import { expect, test } from 'vitest'
import { changedOver } from './changed.ts'

const before = { name: 'Orders', skillIds: ['care', 'repairs'] }

test('a list of names keeps what a colleague has added and taken away meanwhile', () => {
  const mine = { ...before, skillIds: ['care', 'repairs', 'sales'] }
  const theirs = { name: 'Shop', skillIds: ['repairs', 'advice'] }
  expect(changedOver(mine, before, theirs)).toEqual({
    name: 'Shop',
    skillIds: ['repairs', 'advice', 'sales'],
  })
})

test('a list that no colleague has changed has the order of the form', () => {
  const mine = { ...before, skillIds: ['repairs', 'care'] }
  expect(changedOver(mine, before, { ...before, name: 'Shop' })).toEqual({
    name: 'Shop',
    skillIds: ['repairs', 'care'],
  })
})
