import { expect, test } from 'vitest'
import { type Choice, type Hunk, hunksOf, merge } from './merge.ts'

const text = (...lines: string[]): string => lines.join('\n')
const base = text('a', 'b', 'c', 'd', 'e')

function merged(theirs: string, mine: string, choice?: Choice): string {
  const hunks = hunksOf(base, theirs, mine)
  const open = hunks.filter(({ proposed }) => proposed === undefined)
  return merge(base, hunks, new Map<Hunk, Choice>(choice ? open.map((one) => [one, choice]) : []))
}

test('changes of different lines are both taken', () => {
  expect(merged(text('A', 'b', 'c', 'd', 'e'), text('a', 'b', 'c', 'd', 'E', 'f'))).toBe(
    text('A', 'b', 'c', 'd', 'E', 'f'),
  )
  expect(merged(text('b', 'c', 'd', 'e'), text('a', 'b', 'new', 'c', 'd', 'e'))).toBe(
    text('b', 'new', 'c', 'd', 'e'),
  )
})

test('the same change of both is no conflict', () => {
  const same = text('a', 'x', 'c', 'd', 'e')
  expect(hunksOf(base, same, same)).toMatchObject([{ from: 1, proposed: 'mine' }])
  expect(merged(same, same)).toBe(same)
  expect(hunksOf(base, base, base)).toEqual([])
})

test('a line that both have changed is decided by the reader, and so is what touches it', () => {
  const theirs = text('a', 'T', 'c', 'd', 'e')
  const mine = text('a', 'M', 'N', 'd', 'e')
  expect(hunksOf(base, theirs, mine)).toEqual([
    {
      from: 1,
      lines: { base: ['b', 'c'], theirs: ['T', 'c'], mine: ['M', 'N'] },
      proposed: undefined,
    },
  ])
  expect(merged(theirs, mine, 'theirs')).toBe(theirs)
  expect(merged(theirs, mine, 'mine')).toBe(mine)
  expect(merged(theirs, mine, 'both')).toBe(text('a', 'T', 'c', 'M', 'N', 'd', 'e'))
  expect(merged(theirs, mine)).toBe(base)
})

test('what one has removed and the other has changed is a conflict', () => {
  const hunks = hunksOf(base, text('a', 'c', 'd', 'e'), text('a', 'B', 'c', 'd', 'e'))
  expect(hunks).toMatchObject([{ lines: { base: ['b'], theirs: [], mine: ['B'] } }])
  expect(hunks[0]?.proposed).toBeUndefined()
})

test('any two sources come back whole when one side is taken everywhere', () => {
  let seed = 7
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  const some = (): string =>
    text(...Array.from({ length: random(12) }, () => 'abc'[random(3)] ?? ''))
  for (let round = 0; round < 300; round++) {
    const [began, theirs, mine] = [some(), some(), some()]
    const hunks = hunksOf(began, theirs, mine)
    for (const [side, whole] of [
      ['base', began],
      ['theirs', theirs],
      ['mine', mine],
    ] as const) {
      expect(merge(began, hunks, new Map(hunks.map((hunk) => [hunk, side])))).toBe(whole)
    }
  }
})
