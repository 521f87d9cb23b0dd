import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type Bound,
  boundedList,
  boundedMap,
  type BoundKind,
  declaredBounds,
  openPlaces,
  openShares,
} from '#base/bounds'
// Every module declares its bounds when it is loaded, and the context loads every module.
import '#server/context'

const SECURITY = join(import.meta.dirname, '../../../../../docs/security.md')

/** Offers more than fits, piece by piece. Answers the most that was held, and how often something was refused or cut. */
type Overfill<Kind extends BoundKind> = (bound: Bound<Kind>) => { most: number; refused: number }

const OVERFILL: { [Kind in BoundKind]: Overfill<Kind> } = {
  map(bound) {
    const map = boundedMap<number, number>(bound)
    const offered = Math.ceil(bound.limit * 1.5)
    let most = 0
    for (let one = 0; one < offered; one++) {
      map.set(one, one)
      // Counting the entries of such a map takes long.
      if (one % Math.ceil(offered / 20) === 0) most = Math.max(most, map.size)
    }
    const forgetsOldest = map.has(offered - 1) && !map.has(0)
    return { most, refused: forgetsOldest ? offered - map.size : 0 }
  },
  list(bound) {
    const list = boundedList<number>(bound)
    let refused = 0
    for (let one = 0; one < bound.limit + 10; one++) if (!list.push(one)) refused += 1
    return { most: list.items.length, refused }
  },
  places(bound) {
    const { limit, each = limit } = bound
    const places = openPlaces(bound)
    let refused = 0
    const take = (owner: string, amount: number) => {
      if (!places.take(owner, amount)) refused += 1
    }
    const piece = Math.max(1, Math.floor(each / 100))
    for (let taken = 0; taken <= each; taken += piece) take('one', piece)
    expect(places.taken).toBeLessThanOrEqual(each)
    expect(refused).toBeGreaterThan(0)
    for (let owner = 0; owner * each <= limit; owner++) take(`stranger ${owner}`, each)
    return { most: places.taken, refused }
  },
  shares(bound) {
    const { limit, each = limit } = bound
    const shares = openShares(bound)
    let cuts = 0
    let most = 0
    const hold = (group: string, amount: number) => {
      shares.hold({ group, cut: () => (cuts += 1) }, amount)
      most = Math.max(most, shares.held)
    }
    for (let part = 0; part < 12; part++) hold('one', Math.ceil(each / 10))
    expect(shares.held).toBeLessThanOrEqual(each)
    expect(cuts).toBeGreaterThan(0)
    for (let group = 0; group * each <= limit; group++) hold(`stranger ${group}`, each)
    return { most, refused: cuts }
  },
}

function overfill<Kind extends BoundKind>(bound: Bound<Kind>) {
  return OVERFILL[bound.kind](bound)
}

const bounds = declaredBounds()

test('there are bounds, each with a name of its own', () => {
  expect(bounds.length).toBeGreaterThan(5)
  expect(new Set(bounds.map(({ holds }) => holds)).size).toBe(bounds.length)
})

test.each(bounds.map((bound) => [bound.holds, bound] as const))(
  'more than fits is refused, forgotten or cut: %s',
  (_, bound) => {
    const { most, refused } = overfill(bound)

    expect(most).toBeLessThanOrEqual(bound.limit)
    expect(most).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  },
)

test('docs/security.md has a line for every bound, and no other', () => {
  const document = readFileSync(SECURITY, 'utf8')
  const [, table = ''] = /<!-- bounds -->\n([^]*?)<!-- end of bounds -->/.exec(document) ?? []

  expect(table).toBe(tableOf(bounds))
})

function tableOf(all: readonly Bound[]): string {
  const rows = all
    .toSorted((one, other) => (one.holds < other.holds ? -1 : 1))
    .map(({ holds, limit, each, per, beyond }) => {
      const most = each === undefined ? number(limit) : `${number(limit)}, ${number(each)} of one`
      return `| ${holds} | ${most} | ${per} | ${beyond} |\n`
    })
  return `| what | at most | for each | beyond it |\n|---|---|---|---|\n${rows.join('')}`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
