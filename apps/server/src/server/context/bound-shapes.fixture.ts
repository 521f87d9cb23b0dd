import { deepEqual, equal, ok } from 'node:assert/strict'
import {
  type Bound,
  boundedList,
  boundedMap,
  type BoundKind,
  openPlaces,
  openRateLimit,
  openShares,
} from '#base/bounds'

const PIECES = 20
const ROUNDS = 2000
/** The longest that any client can write into what becomes a key: a whole body that is read without credentials. */
const MAX_NAME_CHARACTERS = 65_536
const MAX_KEPT_CHARACTERS = 1024

/** Goes at a structure with this bound, at its real size, and expects that the bound holds. */
type Shape<Kind extends BoundKind> = (bound: Bound<Kind>) => void

const times = (count: number) => Array.from({ length: count }, (_, index) => index)

/** The ways to go at a bound, by what is bounded. Attacks of `bound-attacks.fixture.ts` name them. */
export const SHAPES = {
  map: {
    'new keys': (bound) => {
      const map = boundedMap<number, number>(bound)
      const offered = Math.ceil(bound.limit * 1.5)
      for (const key of times(offered)) map.set(key, key)
      ok(kept(map) <= bound.limit)
      deepEqual([map.has(0), map.has(offered - 1)], [false, true])
    },
    'new keys around one in use': (bound) => {
      const map = boundedMap<number, string>(bound)
      for (const key of times(bound.limit * 2)) {
        map.set(key, 'new')
        if (key === 0) map.set(-1, 'in use')
        if (key % Math.ceil(bound.limit / 4) === 0) equal(map.get(-1), 'in use')
      }
      ok(kept(map) <= bound.limit)
    },
    'push the own limit out': (bound) => {
      const rates = openRateLimit(bound, () => 0)
      const once = { tokens: 1, perMs: 1000 }
      equal(rates.take('own', once), 0)
      for (const other of times(bound.limit / 2 - 1)) rates.take(`${other}`, once)
      ok(rates.take('own', once) > 0)
    },
    'leave and return': (bound) => {
      const map = boundedMap<number, number>(bound)
      const known = bound.limit + 1
      for (const round of times(known * 2)) {
        map.set(round % known, round)
        if (round % 3 === 0) map.delete((round * 7) % known)
      }
      ok(kept(map) <= bound.limit)
      const last = known * 2 - 1
      map.set(0, last)
      equal(map.get(0), last)
    },
    'long keys': (bound) => {
      const map = boundedMap<string, number>(bound)
      const name = 'x'.repeat(MAX_NAME_CHARACTERS)
      for (const key of times(200)) map.set(`${name}${key}`, key)
      deepEqual(
        times(200).map((key) => map.get(`${name}${key}`)),
        times(200),
      )
      equal(map.delete(`${name}7`), true)
      deepEqual([map.has(`${name}7`), map.has(`${name}8`)], [false, true])
      for (const key of map.keys()) ok(key.length <= MAX_KEPT_CHARACTERS)
    },
  },
  list: {
    'all at once': (bound) => {
      const list = boundedList<number>(bound)
      const refused = times(bound.limit * 2).filter((item) => !list.push(item))
      deepEqual([list.items.length, refused.length], [bound.limit, bound.limit])
    },
    'go on after a refusal': (bound) => {
      const list = boundedList<number>(bound)
      for (const item of times(bound.limit)) list.push(item)
      for (const _ of times(ROUNDS)) equal(list.push(-1), false)
      deepEqual(list.items, times(bound.limit))
    },
  },
  places: {
    'one takes all it may': (bound) => {
      const { limit, each = limit } = bound
      const places = openPlaces(bound)
      const piece = Math.max(1, Math.floor(each / PIECES))
      while (places.take('one', piece));
      ok(places.taken > each - piece)
      ok(places.taken <= each)
      equal(places.take('one', each), undefined)
      // Whoever else comes finds the rest, where there is one.
      equal(places.take('another', piece) !== undefined, each < limit)
    },
    'many take all there is': (bound) => {
      const { limit, each = limit } = bound
      const places = openPlaces(bound)
      const held = times(Math.floor(limit / each)).map((owner) => places.take(`${owner}`, each))
      ok(!held.includes(undefined))
      equal(places.take('one more', each), undefined)
      ok(places.taken <= limit)
      held[0]?.[Symbol.dispose]()
      ok(places.take('one more', each))
      equal(places.take('one more again', each), undefined)
    },
    'leave and return at the limit': (bound) => {
      const { limit, each = limit } = bound
      const places = openPlaces(bound)
      const piece = Math.max(1, Math.floor(each / PIECES))
      const held: (Disposable | undefined)[] = []
      for (let place = places.take('one', piece); place; place = places.take('one', piece)) {
        held.push(place)
      }
      const full = places.taken
      for (const round of times(ROUNDS)) {
        const left = (round * 7) % held.length
        held[left]?.[Symbol.dispose]()
        // Leaving twice gives nothing back.
        held[left]?.[Symbol.dispose]()
        held[left] = places.take('one', piece)
        equal(places.take('one', piece), undefined)
      }
      equal(places.taken, full)
      for (const place of held) place?.[Symbol.dispose]()
      equal(places.taken, 0)
      ok(places.take('one', each))
    },
  },
  shares: {
    'one grows': (bound) => {
      const { limit, each = limit } = bound
      const shares = openShares(bound)
      const { one, quiet, cut } = owners()
      shares.hold(quiet, 1000)
      for (const part of times(PIECES + 1)) shares.hold(one, Math.ceil((each * part) / PIECES) + 1)
      deepEqual([cut(one), cut(quiet)], [1, 0])
      equal(shares.held, 1000)
    },
    'many hold little': (bound) => {
      const { limit, each = limit } = bound
      const shares = openShares(bound)
      const { quiet, cut, owner } = owners()
      shares.hold(quiet, 1000)
      const each100 = Math.ceil(each / 100)
      const groups = Math.ceil(limit / each) + 1
      const all = times(groups).flatMap((group) => times(150).map(() => owner(`group ${group}`)))
      for (const stranger of all) shares.hold(stranger, each100)
      ok(shares.held <= limit)
      ok(all.filter((stranger) => cut(stranger) > 0).length >= 50 * groups)
      equal(cut(quiet), 0)
    },
    'grow and shrink at the limit': (bound) => {
      const { limit, each = limit } = bound
      const shares = openShares(bound)
      const { one, quiet, cut } = owners()
      shares.hold(quiet, 1000)
      for (const round of times(ROUNDS)) shares.hold(one, round % 2 ? each : 0)
      deepEqual([cut(one), shares.held], [0, each + 1000])
      shares.hold(one, 0)
      shares.hold(quiet, 0)
      equal(shares.held, 0)
    },
  },
} satisfies { [Kind in BoundKind]: Record<string, Shape<Kind>> }

/** The entries in memory: `size` says at most half of the limit. */
function kept(map: { keys(): Iterable<unknown> }): number {
  return [...map.keys()].length
}

/** Owners of shares that count how often each was cut. */
function owners() {
  const cuts = new Map<object, number>()
  const owner = (group: string) => {
    const made = { group, cut: () => void cuts.set(made, (cuts.get(made) ?? 0) + 1) }
    return made
  }
  return {
    owner,
    one: owner('one'),
    quiet: owner('quiet'),
    cut: (of: object) => cuts.get(of) ?? 0,
  }
}
