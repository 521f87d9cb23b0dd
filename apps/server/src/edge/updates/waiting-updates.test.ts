import { expect, test } from 'vitest'
import { type Changed, openWaitingUpdates } from './waiting-updates.ts'

function all(waiting: ReturnType<typeof openWaitingUpdates>) {
  const taken: { changed: Changed; place: number }[] = []
  for (let next = waiting.take(); next; next = waiting.take()) {
    taken.push({ changed: next.changed, place: next.place })
  }
  return taken
}

test('what has changed again is said once, in its newest revision and at its first place', () => {
  const waiting = openWaitingUpdates()
  waiting.add({ topic: 'conversations', id: 'a', revision: 1 }, 10)
  waiting.add({ topic: 'functions', id: 'f' }, 20)
  waiting.add({ topic: 'conversations', id: 'a', revision: 2 }, 30)
  expect(all(waiting)).toEqual([
    { changed: { topic: 'conversations', id: 'a', revision: 2 }, place: 10 },
    { changed: { topic: 'functions', id: 'f' }, place: 20 },
  ])
})

test('a whole topic stands for its things, and its place is not behind what still waits', () => {
  const waiting = openWaitingUpdates()
  waiting.add({ topic: 'functions', id: 'f' }, 10)
  waiting.add({ topic: 'runs', id: 'f' }, 20)
  waiting.add({ topic: 'runs' }, 30)
  waiting.add({ topic: 'runs', id: 'g' }, 40)
  expect(all(waiting)).toEqual([
    { changed: { topic: 'runs' }, place: 10 },
    { changed: { topic: 'functions', id: 'f' }, place: 10 },
  ])
})

test('more than a thousand things become their topics', () => {
  const waiting = openWaitingUpdates()
  waiting.add({ topic: 'functions', id: 'f' }, 1)
  for (let n = 0; n < 5000; n++) waiting.add({ topic: 'conversations', id: `${n}` }, 2 + n)
  const taken = all(waiting)
  expect(taken.map(({ changed }) => changed)).toEqual([
    { topic: 'functions' },
    { topic: 'conversations' },
  ])
})
