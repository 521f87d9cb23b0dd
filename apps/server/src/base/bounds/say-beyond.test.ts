import { expect, test } from 'vitest'
import { type Bound, openPlaces, sayBeyond } from '#base/bounds'

/** Not declared: tests ask for documents of those that are. */
const SEATS: Bound<'places'> = {
  kind: 'places',
  holds: 'seats that are taken',
  limit: 1,
  per: 'test',
  beyond: 'the guest is sent away',
}

test('what was refused is said once for each time of looking, with how often', () => {
  const said: unknown[][] = []
  let look = () => {}
  const monotonic = {
    every: (_ms: number, tick: () => void) => {
      look = tick
      return { [Symbol.dispose]: () => undefined }
    },
  }
  const logger = { warn: (...line: unknown[]) => void said.push(line) }
  using _saying = sayBeyond({ monotonic, logger }, [SEATS])
  const seats = openPlaces(SEATS)

  seats.take('Ada')
  look()
  expect(said).toEqual([])

  seats.take('Grace')
  seats.take('Edsger')
  look()
  look()
  const facts = { holds: 'seats that are taken', limit: 1, each: undefined, times: 2 }
  expect(said).toEqual([[facts, 'Too many seats that are taken: the guest is sent away']])
})
